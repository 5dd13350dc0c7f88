import ArgumentParser

/// `muster doctor`
struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Look for what keeps a registry from being served well.",
        discussion: """
            Looks at git, permissions, the state directory, settings, the branch,
            uncommitted edits, documents and folders, and says of each what to do.
            Changes nothing. The exit code is 1 when there is a problem; warnings alone
            give 0.

              muster doctor registry
            """)

    @Argument(help: "The registry.", completion: .directory)
    var directory = "."

    @Option(
        help: "The state directory, where it is not muster/ in the git directory.",
        completion: .directory)
    var state: String?

    func run() async throws {
        let findings = await Examination(directory: directory, state: state).findings()
        for finding in findings { writeOutput(finding.line) }
        if findings.contains(where: { $0.verdict == .problem }) { throw ExitCode(1) }
    }
}
