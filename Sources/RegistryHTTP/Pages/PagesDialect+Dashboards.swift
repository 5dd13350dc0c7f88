import Hummingbird
import Registry
import RegistryHTML

extension PagesDialect {
    /// `/dashboards/`: `q` searches uid and title; with `kind` there are pages.
    func dashboards(_ call: PageCall) async -> Response {
        let filter = TextFilter(call.path.query.last(of: "q"))
        let kind = call.path.query.last(of: "kind").flatMap { DashboardKind(rawValue: $0) }
        var paging = Paging()
        var sections: [DashboardListPage.Section] = []
        for shown in kind.map({ [$0] }) ?? DashboardKind.allCases {
            let found = DocumentList(shown.collection, of: call.snapshot, filter) { stored in
                [stored.id.text, dashboard(stored)?.title ?? ""]
            }
            let query = kind == nil ? RawQuery("") : call.path.query
            guard let slice = PageSlice(query, of: found.count) else { return await call.noPage }
            if kind != nil { paging = slice.paging }
            let rows = found.documents(slice.range).map { row($0, call.snapshot) }
            sections.append(.init(kind: shown, rows: rows, total: found.count))
        }
        let page = DashboardListPage(
            sections: sections, query: filter.query, kind: kind, paging: paging)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    private func row(_ stored: StoredDocument, _ snapshot: Snapshot) -> DashboardListPage.Row {
        .init(
            uid: stored.id.text, title: dashboard(stored)?.title ?? "",
            sizeBytes: stored.size, deviceCount: snapshot.referrerCount(of: stored.key))
    }

    /// `/dashboards/grafana/<uid>` and its like.
    func dashboard(_ call: PageCall) async -> Response {
        guard let key = call.key, let stored = call.snapshot[key],
            let kind = DashboardKind(key.collection)
        else { return await call.message(.unknownDocument("dashboard", call.uidText, call.key)) }
        let uid = percentEncoded(key.id.text)
        let page = DashboardPage(
            kind: kind, uid: key.id.text, title: dashboard(stored)?.title ?? "",
            path: stored.path, json: stored.bytes,
            downloadHref: call.context.prefix
                + "/api/v1/applications/\(kind.rawValue)/dashboards/\(uid)/",
            devices: call.devices(using: key), commits: await call.commits(touching: stored.path),
            uncommittedEdit: call.uncommittedEdit(of: key, at: stored.path),
            problems: call.problems(at: stored.path))
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    private func dashboard(_ stored: StoredDocument) -> Dashboard? {
        stored.content as? Dashboard
    }
}

extension DashboardKind {
    fileprivate init?(_ collection: Registry.Collection) {
        guard let kind = Self.allCases.first(where: { $0.collection == collection }) else {
            return nil
        }
        self = kind
    }

    fileprivate var collection: Registry.Collection {
        switch self {
        case .grafana: .grafanaDashboards
        case .foxglove: .foxgloveDashboards
        }
    }
}
