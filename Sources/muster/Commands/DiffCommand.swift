import ArgumentParser
import JSON
import Registry
import RegistryStore

/// `muster diff`
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Compare two states of the registry, field by field.",
        discussion: """
            A state is a commit, a branch, a tag, HEAD, proposal:7 (merged into what is
            served), or a time: the newest served commit that is not later.

              muster diff yesterday
              muster diff 2026-01-01 2026-02-01 --collection devices
              muster diff HEAD proposal:7
            """)

    @Argument(help: "The older state.")
    var from: String

    @Argument(help: "The newer state.")
    var to = "HEAD"

    @OptionGroup var options: HistoryOptions

    @Option(help: "Only documents of this folder.")
    var collection: String?

    @Option(name: [.customShort("n"), .long], help: "How many documents.")
    var limit = 100

    @Option(help: "Go on after this path, the `next` of an earlier answer.")
    var cursor: String?

    @Flag(help: "Show the lines that differ, in place of the fields.")
    var text = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit is a number from 1 upwards.") }
    }

    func run() async throws {
        let history = try options.history
        var query = ComparisonQuery(
            from: from, to: to, limit: limit)
        query.after = cursor
        if let collection {
            let kind = DocumentKind.all.first { $0.collection.name == collection }
            guard let kind else { throw Failure(usage: "there is no collection \(collection)") }
            query.collection = kind.collection
        }
        let asked = query
        let found = try await asking { () async throws(RegistryError) in
            try await history.compare(asked)
        }
        guard !options.json else { return writeJSON(found.json) }
        for side in [found.from, found.to] { writeOutput(HistoryText.line(side.entry)) }
        for (change, difference) in zip(found.changes, found.differences) {
            let lines =
                text
                ? HistoryText.text(change, difference) : HistoryText.lines(of: change, difference)
            for line in lines { writeOutput(line) }
        }
        if let next = found.next {
            writeOutput("\(found.count) in all; go on with --cursor '\(next)'")
        } else if found.count == 0 {
            writeError("muster: nothing differs")
        }
    }
}
