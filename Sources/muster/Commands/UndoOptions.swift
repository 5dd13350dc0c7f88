import ArgumentParser
import JSON
import Registry
import RegistryStore

/// What the commands that take something back have in common.
struct UndoOptions: ParsableArguments {
    @Option(help: "The registry.", completion: .directory)
    var registry = "."

    @Flag(help: "Only tell what would be done.")
    var dryRun = false

    @Flag(help: "Also restore what is gone and belongs to what comes back.")
    var needed = false

    @Option(help: "At conflicts, what to take: ours (as it is) or theirs (as it was).")
    var take: String?

    @Option(name: .shortAndLong, help: "Further lines of the commit's message.")
    var message: String?

    @Flag(help: "Print a JSON object.")
    var json = false

    func validate() throws {
        guard take == nil || take == "ours" || take == "theirs" else {
            throw ValidationError("--take is ours or theirs.")
        }
    }

    /// Looks first, and does it when it can be done.
    func run(_ subject: UndoRequest.Subject) async throws {
        try requireFolder(registry)
        let choices = MergeChoices(all: take.flatMap { MergeConflict.Side(rawValue: $0) })
        var order = UndoOrder(
            UndoRequest(subject, takesNeeded: needed, choices: choices), isTrial: true,
            author: await Author(ofGitIn: registry), message: message)
        do throws(RegistryError) {
            var done = try await perform(order)
            let isPossible = done["possible"]?.bool == true
            if !dryRun, isPossible {
                order.isTrial = false
                order.tag = done["tag"]?.text
                done = try await perform(order)
            }
            if json {
                writeJSON(done)
            } else {
                for line in UndoText(done).lines { writeOutput(line) }
            }
            guard dryRun || isPossible || done["changes_nothing"]?.bool == true else {
                throw .cannotUndo(reason: UndoText(done).advice)
            }
        } catch {
            throw Failure(error.explanation)
        }
    }

    /// Asks the running server, or does its work where there is none.
    private func perform(_ order: UndoOrder) async throws(RegistryError) -> JSONValue {
        let client = try? ServerClient(registry: registry)
        if let done = try client?.undo(order) { return done }
        return try await withOwnStore(of: registry) { store throws(RegistryError) in
            await store.bringHistoryForward()
            return try await store.perform(order)
        }
    }
}

/// An undo for people at a terminal.
struct UndoText {
    private let answer: JSONValue

    /// - Parameter answer: the form of API answers.
    init(_ answer: JSONValue) { self.answer = answer }

    private func list(_ name: JSONString) -> [JSONValue] { answer[name]?.array ?? [] }

    var lines: [String] {
        guard answer["changes_nothing"]?.bool != true else {
            return ["nothing to do: the registry is so already"]
        }
        var lines = [answer["subject"]?.text ?? ""]
        lines += commitLines + changeLines
        lines += list("conflicts").compactMap(MergeConflict.init).map { "conflict: \($0.summary)" }
        lines += list("problems").map {
            "would break: \($0["path"]?.text ?? "?"): \($0["reason"]?.text ?? "?")"
        }
        let fate = answer["takes_needed"]?.bool == true ? "restored too" : "gone too"
        lines += list("needed").map {
            "\(fate): \($0["document"]?.text ?? "?") (\($0["reason"]?.text ?? "?"))"
        }
        lines += list("notes").compactMap(\.text).map { "note: \($0)" }
        let devices = answer["touches"]?["devices"]?.array?.count ?? 0
        if devices > 0 { lines.append("touches \(devices) device\(devices == 1 ? "" : "s")") }
        if let commit = answer["commit"]?.text { lines.append("committed as \(commit)") }
        return lines
    }

    private var commitLines: [String] {
        let shown = list("commits").prefix(10)
        let more = (answer["commit_count"]?.int ?? 0) - shown.count
        return shown.map { commit in
            let id = commit["commit"]?.text?.prefix(10) ?? "?"
            return "takes back \(id) \(commit["subject"]?.text ?? "") "
                + "(\(commit["author"]?.text ?? "?"), \(commit["date"]?.text?.prefix(16) ?? "?"))"
        } + (more > 0 ? ["and \(more) more commits"] : [])
    }

    private var changeLines: [String] {
        let shown = list("changes").prefix(20)
        let more = list("paths").count - shown.count
        return shown.map { change in
            let fields = (change["fields"]?.array ?? []).compactMap(Self.field)
            let kind = change["kind"]?.text ?? "changed"
            let first = kind == "changed" ? fields.first.map { ": \($0.summary)" } ?? "" : ""
            let rest =
                kind == "changed" && fields.count > 1 ? ", and \(fields.count - 1) more" : ""
            return "\(kind) \(change["path"]?.text ?? "?")\(first)\(rest)"
        } + (more > 0 ? ["and \(more) more files"] : [])
    }

    private static func field(_ json: JSONValue) -> FieldChange? {
        guard let pointer = json["pointer"]?.text.flatMap({ try? JSONPointer(parsing: $0) }) else {
            return nil
        }
        return FieldChange(pointer: pointer, old: json["old"], new: json["new"])
    }

    /// What to do where it cannot be done as it is.
    var advice: String {
        if !list("conflicts").isEmpty {
            return "later commits changed the same places; --take ours keeps them as they are, "
                + "--take theirs makes them as they were"
        }
        return list("needed").isEmpty
            ? "the registry would not be valid" : "--needed restores what is gone too"
    }
}
