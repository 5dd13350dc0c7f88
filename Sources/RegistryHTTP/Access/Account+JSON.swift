public import JSON
import Registry
public import StateStore

extension Account {
    /// As the API and the commands show it.
    public var json: JSONValue {
        [
            "name": .text(name.text), "kind": .text(kind.rawValue),
            "roles": .array(roles.sorted().map { .text($0) }),
            "disabled": .bool(isDisabled), "has_password": .bool(hasPassword),
            "must_change_password": .bool(mustChangePassword),
            "created": .text(created.description),
        ]
    }
}

extension AccessToken {
    /// As the API and the commands show it: all but the secret, which nobody knows any more.
    public var json: JSONValue {
        [
            "id": .text(id), "account": .text(account.text), "name": .text(name),
            "rights": .array(scope.orderedRights.map { .text($0.rawValue) }),
            "collections": scope.collections.map { .array($0.sorted().map { .text($0) }) } ?? .null,
            "device": scope.device.map { .text($0.text) } ?? .null,
            "networks": .array(networks.map { .text($0.description) }),
            "created": .text(created.description),
            "expires": expires.map { .text($0.description) } ?? .null,
            "last_use": lastUse.map { .text($0.description) } ?? .null,
            "last_address": lastAddress.map { .text($0) } ?? .null,
        ]
    }
}
