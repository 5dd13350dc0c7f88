import ArgumentParser
import JSON
import Registry
import RegistryStore

/// `muster log`
struct LogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "log",
        abstract: "List the commits that changed a document, a collection or everything.",
        discussion: """
            Newest first, of a document with what each did to it, through renames of
            its uid and moves of its file. A server may run or not; an index that it
            keeps is used.

              muster log devices/robot-1
              muster log devices --author ada --since '3 days ago'
              muster log --until 2026-01-31 --json | jq '.history[].subject'
            """)

    @Argument(help: "devices/robot-1, devices, or the path of a file; all where it is missing.")
    var subject: String?

    @OptionGroup var options: HistoryOptions

    @Option(help: "A name or an address, or a part of one.")
    var author: String?

    @Option(help: "Only what came to be served then or later.")
    var since: String?

    @Option(help: "Only what was served then already.")
    var until: String?

    @Option(help: "The state to begin with: a commit, a branch, a tag or a time.")
    var at: String?

    @Option(name: [.customShort("n"), .long], help: "How many commits.")
    var limit = 20

    @Option(help: "Go on after this commit, the `next` of an earlier answer.")
    var cursor: String?

    @Flag(help: "Tell what each commit did, also where many documents are asked for.")
    var diff = false

    func validate() throws {
        guard (1...100_000).contains(limit) else {
            throw ValidationError("--limit is a number from 1 to 100000.")
        }
    }

    func run() async throws {
        let history = try options.history
        var query = HistoryQuery(
            subject.map(HistorySubject.init(naming:)) ?? .everything, limit: limit)
        query.author = author
        query.since = try HistoryOptions.time("since", since)
        query.until = try HistoryOptions.time("until", until)
        if let cursor {
            guard let after = Revision(hex: cursor) else {
                throw Failure(usage: "--cursor is the `next` of an earlier answer")
            }
            query.after = after
        }
        if let at {
            query.tip = try await asking { () async throws(RegistryError) in
                try await history.commit(named: at)
            }
        }
        let asked = query
        let page = try await asking { () async throws(RegistryError) in
            try await history.page(asked)
        }
        let differences = try await differences(of: page, in: history)
        guard !options.json else { return writeJSON(page.json(differences)) }
        for (place, step) in page.steps.enumerated() {
            let shown = differences.isEmpty ? [] : differences[place]
            for line in HistoryText.lines(of: step, shown) { writeOutput(line) }
        }
        if !page.isComplete {
            writeError(
                "muster: no index of the history is here yet, so older commits were not looked at;"
                    + " a running server makes one")
        } else if page.steps.isEmpty {
            writeError("muster: no commit")
        }
    }

    private func differences(
        of page: HistoryPage, in history: RegistryHistory
    ) async throws -> [[DocumentDifference]] {
        let isOfOne =
            switch subject.map(HistorySubject.init(naming:)) {
            case .document, .file: true
            default: false
            }
        guard diff || isOfOne else { return [] }
        var all: [[DocumentDifference]] = []
        for step in page.steps {
            all.append(
                try await asking { () async throws(RegistryError) in
                    try await history.differences(of: step.changes)
                })
        }
        return all
    }
}
