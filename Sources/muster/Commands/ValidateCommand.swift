import ArgumentParser
import FoundationEssentials
import JSON
import Registry
import RegistryStore

/// `muster validate`
struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Name every problem of a registry.",
        discussion: """
            Reads the files of DIR, committed or not, or with --rev those of a commit,
            and prints a line for each problem: severity, file, line, place in the file,
            reason. The exit code is 1 when there is an error; warnings alone give 0. In
            a GitHub workflow every problem is also shown at its line of the pull
            request.

              muster validate registry
              muster validate --rev origin/main
              muster validate --json | jq '.problems[].path'
            """)

    @Argument(help: "The registry.", completion: .directory)
    var directory = "."

    @Option(
        help: ArgumentHelp("A commit, branch or tag instead of the files.", valueName: "revision"))
    var rev: String?

    @Flag(help: "Print one JSON object for scripts.")
    var json = false

    func run() throws {
        try requireFolder(directory)
        let report = ValidationReport(try snapshot)
        let onGitHub = ProcessInfo.processInfo.environment["GITHUB_ACTIONS"] == "true"
        if json {
            writeJSON(report.json)
        } else {
            writeOutput(report.text)
        }
        if onGitHub, !json, !report.problems.isEmpty { writeOutput(report.annotations) }
        if report.hasErrors { throw ExitCode(1) }
    }

    private var snapshot: Snapshot {
        get throws {
            do throws(StoreOpeningError) {
                if let rev { return try RegistryStore.load(repository: directory, revision: rev) }
                return try RegistryStore.loadFiles(directory)
            } catch {
                throw Failure("\(error)")
            }
        }
    }
}

extension ValidationReport {
    init(_ snapshot: Snapshot) {
        let counts = DocumentKind.all.map { snapshot.count(of: $0.collection) }
        self.init(problems: snapshot.problems, documentCount: counts.reduce(0, +))
    }
}
