public import Hummingbird
import HTTPTypes
public import Registry

extension NativeDialect {
    public var door: AccessDoor? { .native }

    public func need(
        of request: Request, path: RawPath, context: AppRequestContext
    ) -> AccessNeed? {
        // The description is part of the program.
        guard path.raw.hasPrefix(Self.base), let (route, values) = Self.route(of: request, path)
        else { return .nothing }
        return Self.need(of: route, values)
    }

    /// What a route takes. One that is not named takes the right to read everything, and where it
    /// changes something, that to administer.
    static func need(of route: NativeRoute, _ values: [String: String]) -> AccessNeed {
        switch (route.method, route.path) {
        case (.get, "documents/<collection>"): named(.read, values)
        case (.get, "documents/<collection>/<uid>"): named(.read, values)
        case (_, "documents/<collection>/<uid>"): named(.write, values)
        case (.get, "sd/prometheus"): .read(.devices)
        case (.get, "webhooks"), (.get, "webhooks/<webhook>"),
            (.get, "webhooks/<webhook>/deliveries"),
            (.get, "webhooks/<webhook>/deliveries/<delivery>"):
            // They say who is told, and how to reach them.
            .administer
        // Who one is, is told to everybody.
        case (.get, "access"): .nothing
        case (_, let path) where path.hasPrefix("access/"): .account
        // Who made it is judged when it is known.
        case (.get, "proposals/<number>"): .right(.read, .somewhere)
        case (.get, _): .readEverything
        case (_, "documents/bulk"), (_, "documents/<collection>/<uid>/restore"), (_, "revert"),
            (_, "edits/commit"), (_, "edits/discard"), (.post, "proposals"):
            .right(.write, .somewhere)
        case (_, "proposals/<number>"), (_, "proposals/<number>/comments"),
            (_, "proposals/<number>/close"), (_, "proposals/<number>/reopen"):
            .work
        case (_, "proposals/<number>/approve"), (_, "proposals/<number>/merge"):
            .right(.approve, .somewhere)
        // The host of the upstream signs it.
        case (.post, "upstream/webhook"): .nothing
        default: .administer
        }
    }

    private static func named(_ right: AccessRight, _ values: [String: String]) -> AccessNeed {
        let name = values["collection"] ?? ""
        // What does not exist is told to whoever has the right anywhere.
        guard let collection = Registry.Collection.allCases.first(where: { $0.name == name }) else {
            return .right(right, .somewhere)
        }
        guard let id = values["uid"].flatMap({ DocumentID($0) }) else {
            return .right(right, .collections([collection]))
        }
        return .right(right, .document(DocumentKey(collection, id)))
    }
}
