import ArgumentParser
import Logging
import Registry
import RegistryStore

/// `muster purge`
struct PurgeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "purge",
        abstract: "Take a secret, a document or a person out of the whole history.",
        discussion: """
            Rewrites every commit, branch, tag, proposal and note, and removes what was:
            git finds it nowhere afterwards. Commits before the first that changes keep
            their ids. Stop the server first, make a backup, and look:

              muster purge registry --file secret.txt --dry-run
              muster purge registry --document devices/robot-1
              muster purge registry --author 'Ada <ada@example.org>'

            A text is looked for as it is and as JSON spells it, in files, names of files,
            messages and identities, and one of many lines also line by line. When the
            command is stopped, the old history stands or the next start ends it.
            Clones, the upstream and backups still have it: the command says what to do.
            """)

    @Argument(help: "The registry.", completion: .directory)
    var directory = "."

    @Option(help: "A text; others on this machine may see it while the command runs.")
    var text: [String] = []

    @Option(help: "A file whose content is the text.", completion: .file())
    var file: [String] = []

    @Option(help: "A document to remove from every commit, COLLECTION/UID.")
    var document: [String] = []

    @Option(help: "A person: a name, an address, or 'NAME <ADDRESS>'.")
    var author: [String] = []

    @Option(help: "Who stands in the person's place.")
    var with = "removed <removed@muster.invalid>"

    @Option(help: "What stands in a text's place.")
    var replaceWith = "REMOVED"

    @Option(help: "The state directory, where it is not in the git directory.")
    var state: String?

    @Flag(help: "Only tell what would be changed; a server may run.")
    var dryRun = false

    func run() async throws {
        try requireFolder(directory)
        let request = try request()
        let options = StoreOptions(
            repository: directory, stateDirectory: state,
            executablePath: absolutePath("/proc/self/exe"))
        let report: PurgeReport
        do {
            report = try await RegistryStore.purge(
                request, in: options, isTrial: dryRun,
                logger: Logger(label: "muster") { _ in SwiftLogNoOpLogHandler() },
                progress: { writeError("muster: \($0)") })
        } catch {
            throw Failure("\(error)")
        }
        if !dryRun, !report.isEmpty {
            CommandAudit(registry: directory, state: state).note("purge", subject: directory)
        }
        for line in lines(of: report) { writeOutput(line) }
    }

    private func request() throws -> PurgeRequest {
        var texts = text
        for path in file {
            guard let content = String(validating: try readFile(path), as: UTF8.self) else {
                throw Failure("\(path) holds no text (UTF-8)")
            }
            texts.append(content.trimmed)
        }
        let instead = Self.person(with)
        let replacement = Author(
            name: instead.name ?? "removed", email: instead.email ?? "removed@muster.invalid")
        return PurgeRequest(
            texts: texts, replacement: replaceWith,
            documents: try document.map(RestoreCommand.key),
            people: author.map { text in
                let person = Self.person(text)
                return .init(name: person.name, email: person.email, replacement: replacement)
            })
    }

    /// `Ada <ada@example.org>`, or one of both.
    private static func person(_ text: String) -> (name: String?, email: String?) {
        guard let open = text.firstIndex(of: "<"), text.hasSuffix(">") else {
            return text.contains("@") ? (nil, text) : (text, nil)
        }
        let name = String(text[..<open]).trimmed
        let email = String(text[text.index(after: open)...].dropLast())
        return (name.isEmpty ? nil : name, email)
    }

    private func lines(of report: PurgeReport) -> [String] {
        guard !report.isEmpty else {
            return ["found nowhere in \(report.commits) commits"] + report.notes
        }
        let would = dryRun ? "would be " : "were "
        var lines = [
            "\(report.changedCommits) of \(report.commits) commits \(would)rewritten",
            "versions of files that \(would)changed: \(report.changedBlobs); "
                + "\(would)removed: \(report.removedEntries)",
        ]
        lines += report.references.prefix(20).map { "\(would)moved: \($0)" }
        if report.references.count > 20 { lines.append("and \(report.references.count - 20) more") }
        lines += report.paths.prefix(20).map { "\(would)changed in the working tree: \($0)" }
        lines += report.notes.map { "note: \($0)" }
        guard let generation = report.generation else { return lines }
        return lines + [
            "the history is generation \(generation)",
            "clones have the old one: clone anew, or git fetch && git reset --hard origin/main",
            "an upstream has it too: git push --force UPSTREAM main, and ask its host to forget",
            "backups and bundles from before still hold what was purged",
        ]
    }
}
