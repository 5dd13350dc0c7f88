import JSON
import Registry
import RegistryStore
import StateStore

/// What is sent to an endpoint of webhooks, as Standard Webhooks lays messages out:
/// `{"type", "timestamp", "data"}`.
enum WebhookMessage {
    static let changed = "registry.changed"
    static let ping = "ping"

    /// So many changes of a commit are in a message; who needs all of them asks for the events.
    private static let changeLimit = 100

    /// `data` is `{"branch", "before", "after", "commits": [...]}`, each commit as the events have
    /// it, with `change_count`.
    ///
    /// - Parameter events: those that are of interest, oldest first.
    static func changed(
        _ events: [(event: CommitEvent, changes: [CommitEvent.Change])], branch: String,
        before: Revision?, after: Revision, at time: Timestamp
    ) -> [UInt8] {
        let commits = events.map { event, changes -> JSONValue in
            let parts = event.parts(of: Array(changes.prefix(changeLimit)))
            var object = parts.first?.object ?? [:]
            for name in ["part", "parts"] as [JSONString] { object[name] = nil }
            object["change_count"] = .number(JSONNumber(changes.count))
            return .object(object)
        }
        return message(
            changed,
            [
                "branch": .text(branch), "before": before.map { .text("\($0)") } ?? .null,
                "after": .text("\(after)"), "commits": .array(commits),
            ], at: time)
    }

    /// Only says that the address works.
    static func ping(_ endpoint: WebhookEndpoint, at time: Timestamp) -> [UInt8] {
        message(ping, ["endpoint": .text(endpoint.id)], at: time)
    }

    private static func message(_ type: String, _ data: JSONObject, at time: Timestamp) -> [UInt8] {
        let message: JSONValue = [
            "type": .text(type), "timestamp": .text(time.description), "data": .object(data),
        ]
        return message.compactBytes()
    }
}
