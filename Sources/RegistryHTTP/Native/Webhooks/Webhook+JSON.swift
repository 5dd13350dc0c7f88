import JSON
import Registry
import StateStore

extension WebhookEndpoint {
    /// `{"id", "url", "description", "collections", "enabled", "disabled_reason", "created",
    /// "position"}`; what it signs with is shown once, when it is made.
    var json: JSONValue {
        [
            "id": .text(id), "url": .text(url), "description": .text(description),
            "collections": .array(collections.map { .text($0) }),
            "enabled": .bool(isEnabled),
            "disabled_reason": disabledReason.map { .text($0) } ?? .null,
            "created": .text(created.description),
            "position": position.map { .text("\($0)") } ?? .null,
        ]
    }

    /// With what its messages are signed with, for the only time.
    func json(showing secret: WebhookSecret) -> JSONValue {
        var object = json.object ?? [:]
        object["secret"] = .text(secret.text)
        return .object(object)
    }
}

extension WebhookDelivery {
    /// `{"id", "type", "created", "state", "next_attempt", "attempts": [{"date", "status", "error",
    /// "milliseconds"}]}`
    var json: JSONValue {
        [
            "id": .text(id), "type": .text(type), "created": .text(created.description),
            "state": .text(state.rawValue),
            "next_attempt": nextAttempt.map { .text($0.description) } ?? .null,
            "attempts": .array(attempts.map(\.json)),
        ]
    }
}

extension WebhookAttempt {
    fileprivate var json: JSONValue {
        [
            "date": .text(date.description),
            "status": status.map { .number(JSONNumber($0)) } ?? .null,
            "error": error.map { .text($0) } ?? .null,
            "milliseconds": .number(JSONNumber(milliseconds)),
        ]
    }
}
