import ArgumentParser
import JSON
import Registry
import RegistryStore

/// `muster show`
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show a commit with what it changed, field by field.",
        discussion: """
              muster show d0e18b121a
              muster show --text HEAD
            """)

    @Argument(help: "A commit, a branch, a tag or a time.")
    var revision = "HEAD"

    @OptionGroup var options: HistoryOptions

    @Option(name: [.customShort("n"), .long], help: "How many of its changes.")
    var limit = 50

    @Flag(help: "Show the lines that differ, in place of the fields.")
    var text = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is a number from 1 upwards.") }
    }

    func run() async throws {
        let history = try options.history
        let details = try await asking { () async throws(RegistryError) in
            try await history.details(of: revision, limit: limit)
        }
        guard !options.json else { return writeJSON(details.json) }
        let entry = details.entry
        writeOutput("commit \(entry.revision)")
        writeOutput("author \(entry.author.name) <\(entry.author.email)>")
        writeOutput("date   \(HistoryText.minute(entry.date)) UTC")
        if entry.parents.count > 1 {
            writeOutput("merge  \(entry.parents.map(\.short).joined(separator: " "))")
        }
        writeOutput("\n    \(entry.subject)\n")
        let body = entry.body.trimmed
        if !body.isEmpty {
            for line in body.split(separator: "\n", omittingEmptySubsequences: false) {
                writeOutput("    \(line)")
            }
            writeOutput("")
        }
        for (change, difference) in zip(details.changes, details.differences) {
            let lines =
                text
                ? HistoryText.text(change, difference) : HistoryText.lines(of: change, difference)
            for line in lines { writeOutput(line) }
        }
        let more = details.changeCount - details.changes.count
        if more > 0 { writeOutput("and \(more) more; --limit shows them") }
    }
}
