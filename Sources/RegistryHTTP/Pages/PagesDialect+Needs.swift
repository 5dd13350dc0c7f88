public import Hummingbird
import HTTPTypes
public import Registry

extension PagesDialect {
    public var door: AccessDoor? { .pages }

    public func need(
        of request: Request, path: RawPath, context: AppRequestContext
    ) -> AccessNeed? {
        let matching = Self.routes.filter { $0.matches(path) }
        guard let route = matching.first(where: { $0.method == request.method }) else {
            return .nothing
        }
        let id = route.uid(in: path)?.text.flatMap { DocumentID($0) }
        return Self.need(of: route, id)
    }

    /// What a page takes. One that is not named shows many collections, so it takes the right to read
    /// everything; a form that is not named, that to administer.
    static func need(of route: PageRoute, _ id: DocumentID?) -> AccessNeed {
        switch (route.method, route.path) {
        case (.get, "/static/<uid>"), (.get, "/favicon.ico"), (.get, "/api-reference/"): .nothing
        case (_, "/login"), (_, "/logout"): .nothing
        case (_, let path) where path.hasPrefix("/account/"): .account
        case (_, let path) where path.hasPrefix("/accounts/"): .administer
        case (.get, "/devices/"): .read(.devices)
        case (.get, "/dashboards/"): .read(.grafanaDashboards, .foxgloveDashboards)
        case (.get, "/rules/"): .read(.prometheusAlertRules, .lokiAlertRules)
        case (.get, "/devices/<uid>"), (.get, "/dashboards/grafana/<uid>"),
            (.get, "/dashboards/foxglove/<uid>"), (.get, "/rules/prometheus/<uid>"),
            (.get, "/rules/loki/<uid>"):
            .right(
                .read,
                id.map { .document(DocumentKey(route.collection, $0)) }
                    ?? .collections([route.collection]))
        case (.get, "/repository/webhooks"), (.get, "/repository/webhooks/<uid>"): .administer
        // Who made it is judged when it is known.
        case (.get, "/proposals/<uid>"): .right(.read, .somewhere)
        case (.get, _): .readEverything
        case (_, "/proposals/<uid>/comment"), (_, "/proposals/<uid>/judge"): .work
        case (_, "/repository/edits/commit"), (_, "/repository/edits/discard"),
            (_, "/repository/undo"):
            .right(.write, .somewhere)
        default: .administer
        }
    }
}
