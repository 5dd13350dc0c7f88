import ArgumentParser
import JSON
import RegistryHTTP
import RegistryStore
import StateStore

/// `muster webhook`
struct WebhookCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "webhook",
        abstract: "Look after the addresses that are told of every commit.",
        discussion: """
            A webhook is sent what changed as JSON, signed as Standard Webhooks asks.

              muster webhook add https://example.org/hook --collection devices
              muster webhook list
              muster webhook test wh_1f2e3d4c5b6a7988
              muster webhook remove wh_1f2e3d4c5b6a7988
            """,
        subcommands: [
            WebhookAddCommand.self, WebhookListCommand.self, WebhookTestCommand.self,
            WebhookRemoveCommand.self,
        ])
}

/// Where the webhooks are, and how answers are shown.
struct WebhookOptions: ParsableArguments {
    @OptionGroup var place: StateOptions

    @Flag(help: "Print JSON.")
    var json = false

    /// Has a running server do it, or does it here.
    func perform(_ work: String, _ members: JSONObject = [:]) async throws -> JSONValue {
        try requireFolder(place.registry)
        var body = members
        body["do"] = .text(work)
        let request = JSONValue.object(body).description
        let answer = try await WithStore.ask(WebhookWork.word, request, of: place) {
            store, state throws(StateError) in
            let webhooks = try WebhookStore(in: state)
            defer { webhooks.close() }
            return await WebhookWork(store, webhooks).answer(request)
        }
        return (try? JSONValue(parsing: answer, options: .document)) ?? .null
    }

    /// Writes what was done, as JSON or in lines for people.
    func write(_ answer: JSONValue, _ lines: [String]) {
        guard json else { return writeOutput(lines.joined(separator: "\n")) }
        writeJSON(answer)
    }
}

/// `muster webhook add`
struct WebhookAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add an address; prints the secret that its messages are signed with.",
        discussion: "The secret is shown this once.")

    @Argument(help: "The http or https address.")
    var url: String

    @Option(help: "Only changes of this collection; may be repeated.")
    var collection: [String] = []

    @Option(help: "What it is for.")
    var description = ""

    @Option(help: "Tell it of what came after this commit, too; `start` is the first of all.")
    var since: String?

    @OptionGroup var options: WebhookOptions

    func run() async throws {
        var body: JSONObject = ["url": .text(url), "description": .text(description)]
        if !collection.isEmpty { body["collections"] = .array(collection.map { .text($0) }) }
        body["since"] = since.map { .text($0) }
        let added = try await options.perform("add", body)
        let id = added["id"]?.text ?? "?"
        options.place.audit.note("webhook.add", subject: id)
        options.write(added, ["\(id) is added", "secret: \(added["secret"]?.text ?? "?")"])
    }
}

/// `muster webhook list`
struct WebhookListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the addresses.")

    @OptionGroup var options: WebhookOptions

    func run() async throws {
        let found = try await options.perform("list")
        let lines = (found["webhooks"]?.array ?? []).map { webhook in
            let names = (webhook["collections"]?.array ?? []).compactMap(\.text)
            let only = names.isEmpty ? "" : " (\(names.joined(separator: ", ")))"
            let reason = webhook["disabled_reason"]?.text.map { " off: \($0)" } ?? ""
            return "\(webhook["id"]?.text ?? "?") \(webhook["url"]?.text ?? "?")\(only)\(reason)"
        }
        options.write(found, lines.isEmpty ? ["no webhook"] : lines)
    }
}

/// `muster webhook remove`
struct WebhookRemoveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove an address and the log of what was sent.")

    @Argument(help: "The webhook, as `list` names it.")
    var id: String

    @OptionGroup var options: WebhookOptions

    func run() async throws {
        let removed = try await options.perform("remove", ["id": .text(id)])
        options.place.audit.note("webhook.remove", subject: id)
        options.write(removed, ["\(id) is removed"])
    }
}

/// `muster webhook test`
struct WebhookTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test",
        abstract: "Send an address a message that only says that it works.",
        discussion: "The running server sends it; exit code 1 when it was not taken.")

    @Argument(help: "The webhook, as `list` names it.")
    var id: String

    @OptionGroup var options: WebhookOptions

    private static let seconds = 20

    func run() async throws {
        let registry = options.place.registry
        guard (try? ServerClient(registry: registry))?.ask("status") != nil else {
            throw Failure("no server runs for \(registry), and it is what sends messages")
        }
        var delivery = try await options.perform("test", ["id": .text(id)])
        let question: JSONObject = ["id": .text(id), "delivery": delivery["id"] ?? .null]
        for _ in 0..<(Self.seconds * 5) where delivery["attempts"]?.array?.isEmpty ?? true {
            try await Task.sleep(for: .milliseconds(200))
            delivery = try await options.perform("delivery", question)
        }
        guard let attempt = delivery["attempts"]?.array?.last else {
            throw Failure("not sent within \(Self.seconds) s; older messages wait before it")
        }
        let outcome =
            attempt["error"]?.text
            ?? "status \(attempt["status"]?.int ?? 0) in \(attempt["milliseconds"]?.int ?? 0) ms"
        guard delivery["state"]?.text == "delivered" else { throw Failure("not taken: \(outcome)") }
        options.write(delivery, ["taken: \(outcome)"])
    }
}
