import ArgumentParser
import JSON
import Registry
import RegistryStore

/// `muster status`
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Ask the running server about its repository.",
        discussion: """
            Prints which branch is served, what is edited and not committed, which of
            that is served, and what needs a person. The exit code is 1 when no server
            runs for DIR.

              muster status registry
            """)

    @Argument(help: "The registry.", completion: .directory)
    var directory = "."

    @Flag(help: "Print the server's JSON object.")
    var json = false

    func run() throws {
        try requireFolder(directory)
        let client: ServerClient
        do throws(StoreOpeningError) {
            client = try ServerClient(registry: directory)
        } catch {
            throw Failure("\(error)")
        }
        guard let answer = client.ask("status") else {
            throw Failure(
                "no server runs for \(directory); `muster serve --registry \(directory)` starts one"
            )
        }
        guard !json else { return writeOutput(answer.trimmed) }
        let status = try JSONValue(parsing: Array(answer.utf8), options: .document)
        for line in Self.lines(of: status) { writeOutput(line) }
    }

    /// One line for each thing worth knowing.
    static func lines(of status: JSONValue) -> [String] {
        func texts(_ name: JSONString) -> [String] {
            (status[name]?.array ?? []).compactMap(\.text)
        }
        let served = status["branch"]?.text ?? "?"
        var lines = ["serving \(served)"]
        if let head = status["head"]?.text, head != served {
            lines.append("HEAD is on \(head), so nothing can be written: git switch \(served)")
        }
        if let reason = status["read_only"]?.text { lines.append("read-only: \(reason)") }
        for edit in status["uncommitted_edits"]?.array ?? [] {
            let path = edit["path"]?.text ?? "?"
            let fate = edit["served"]?.bool == true ? "served" : "not served"
            let what = edit["removed"]?.bool == true ? "removed" : "edited"
            let problem = edit["problem"]?.text.map { "; \($0)" } ?? ""
            lines.append("\(what), not committed, \(fate): \(path)\(problem)")
        }
        lines += texts("files_behind").map { "could not be written yet: \($0)" }
        lines += (status["merge_conflicts"]?.array ?? []).compactMap(MergeConflict.init)
            .map { "to be decided: \($0.summary)" }
        lines += texts("rewound_tips").map { "taken back by hand, kept as \($0)" }
        lines += (status["full_folders"]?.array ?? []).map { full in
            "\(full["path"]?.text ?? "?") holds \(full["documents"]?.int ?? 0) documents: muster reshard"
        }
        if let history = status["history"] { lines += Self.lines(ofHistory: history) }
        if let sync = status["sync"], !sync.isNull { lines += Self.lines(ofSync: sync) }
        if let error = status["last_error"]?.text { lines.append("last error: \(error)") }
        return lines
    }

    /// Nothing while all is well.
    private static func lines(ofHistory history: JSONValue) -> [String] {
        if let problem = history["problem"]?.text {
            return ["the index of the history cannot be kept: \(problem)"]
        }
        let (indexed, waiting) = (history["indexed"]?.int ?? 0, history["waiting"]?.int ?? 0)
        guard history["complete"]?.bool == false, waiting > 0 else { return [] }
        return ["the history is being indexed: \(indexed) of about \(indexed + waiting) commits"]
    }
}
