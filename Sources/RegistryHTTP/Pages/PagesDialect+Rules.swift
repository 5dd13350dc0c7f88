import Hummingbird
import Registry
import RegistryHTML

extension PagesDialect {
    /// `/rules/`: `q` searches uid and text; with `kind` there are pages.
    func rules(_ call: PageCall) async -> Response {
        let filter = TextFilter(call.path.query.last(of: "q"))
        let kind = call.path.query.last(of: "kind").flatMap { RuleKind(rawValue: $0) }
        var paging = Paging()
        var sections: [RuleListPage.Section] = []
        for shown in kind.map({ [$0] }) ?? RuleKind.allCases {
            let found = DocumentList(shown.collection, of: call.snapshot, filter) { stored in
                [stored.id.text, ruleFile(stored)?.text ?? ""]
            }
            let query = kind == nil ? RawQuery("") : call.path.query
            guard let slice = PageSlice(query, of: found.count) else { return await call.noPage }
            if kind != nil { paging = slice.paging }
            let rows = found.documents(slice.range).compactMap { row($0, call.snapshot) }
            sections.append(.init(kind: shown, rows: rows, total: found.count))
        }
        let page = RuleListPage(sections: sections, query: filter.query, kind: kind, paging: paging)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    private func row(_ stored: StoredDocument, _ snapshot: Snapshot) -> RuleListPage.Row? {
        guard let file = ruleFile(stored) else { return nil }
        return .init(
            uid: stored.id.text, isTemplate: file.isTemplate, groupCount: file.groupCount,
            alertCount: file.alertCount, deviceCount: snapshot.referrerCount(of: stored.key))
    }

    /// `/rules/prometheus/<uid>` and its like.
    func ruleFile(_ call: PageCall) async -> Response {
        guard let key = call.key, let stored = call.snapshot[key], let file = ruleFile(stored),
            let kind = RuleKind(key.collection)
        else { return await call.message(.unknownDocument("rule file", call.uidText, call.key)) }
        let list = call.context.prefix + "/api/v1/applications/\(kind.rawValue)/alert_rules/"
        let devices = call.devices(using: key)
        let example = file.isTemplate ? devices.first.first : nil
        let page = RulePage(
            kind: kind, uid: key.id.text, isTemplate: file.isTemplate,
            groupCount: file.groupCount, alertCount: file.alertCount, path: stored.path,
            text: file.text, downloadHref: list + percentEncoded(key.id.text) + "/",
            example: example.map { .init(device: $0, href: list) }, devices: devices,
            commits: await call.commits(touching: stored.path),
            uncommittedEdit: call.uncommittedEdit(of: key, at: stored.path),
            problems: call.problems(at: stored.path))
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    private func ruleFile(_ stored: StoredDocument) -> RuleFile? {
        stored.content as? RuleFile
    }
}

extension RuleFile {
    fileprivate var groupCount: Int { data["groups"]?.sequence?.count ?? 0 }

    fileprivate var alertCount: Int {
        let rules = (data["groups"]?.sequence ?? []).flatMap { $0["rules"]?.sequence ?? [] }
        return rules.count { $0["alert"] != nil }
    }
}

extension RuleKind {
    fileprivate init?(_ collection: Registry.Collection) {
        guard let kind = Self.allCases.first(where: { $0.collection == collection }) else {
            return nil
        }
        self = kind
    }

    fileprivate var collection: Registry.Collection {
        switch self {
        case .prometheus: .prometheusAlertRules
        case .loki: .lokiAlertRules
        }
    }
}
