import ArgumentParser
// The first file of the target: what the system defines is Glibc's to all others, and not that of a
// module that has its headers too.
import Glibc
import JSON
import Registry
import RegistryStore

/// `muster blame`
struct BlameCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "blame",
        abstract: "Tell who set each field of a document, when, and in which commit.",
        discussion: """
            Of rule files and other texts it tells so of each line.

              muster blame devices/robot-1
              muster blame devices/robot-1 address
            """)

    @Argument(help: "devices/robot-1, or the path of its file.")
    var document: String

    @Argument(help: "Only this field, or what is below it: address, panels/3.")
    var field: String?

    @OptionGroup var options: HistoryOptions

    @Option(help: "The state to look at: a commit, a branch, a tag or a time.")
    var at = "HEAD"

    func run() async throws {
        let history = try options.history
        guard case .document(let key) = HistorySubject(naming: document) else {
            throw Failure(usage: "\(document) is no document; name one as devices/robot-1")
        }
        let found = try await asking { () async throws(RegistryError) in
            let commit = try await history.commit(named: at)
            return try await history.blame(key, at: commit)
        }
        guard !options.json else { return writeJSON(found.json) }
        var isShown = false
        for (part, commit) in found.parts where isWanted(part) {
            isShown = true
            let origin = commit.map { HistoryText.line(found.commits[$0]) } ?? "?"
            switch part {
            case .field(let pointer, let value):
                writeOutput(
                    "\(origin)  \(pointer.description.dropFirst()) = \(value.summary(limit: 200))")
            case .line(let number, let text): writeOutput("\(origin)  \(number): \(text)")
            }
        }
        guard isShown || field == nil else {
            throw Failure("\(key) has no field \(field ?? "")")
        }
        if !found.isComplete {
            writeError("muster: not all of its history was looked at")
        }
    }

    private func isWanted(_ part: DocumentBlame.Part) -> Bool {
        guard let field else { return true }
        guard case .field(let pointer, _) = part else { return false }
        let name = String(pointer.description.dropFirst())
        return name == field || name.hasPrefix(field + "/")
    }
}
