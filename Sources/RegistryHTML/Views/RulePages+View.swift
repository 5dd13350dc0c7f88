extension RuleListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let list = KindList(
            noun: "rule file", path: "/rules/", place: .rules,
            kinds: RuleKind.allCases.map(\.inList), shown: kind?.inList, query: query,
            paging: paging,
            sections: sections.map { section in
                let rows = section.rows.map { $0.view(of: section.kind, links) }
                return .init(kind: section.kind.inList, rows: rows, total: section.total)
            })
        return list.view(in: frame)
    }
}

extension RuleKind {
    fileprivate var inList: KindList.Kind { .init(value: rawValue, title: title) }
}

extension RuleListPage.Row {
    fileprivate func view(of kind: RuleKind, _ links: Links) -> View {
        [
            "uid": .text(uid), "href": .text(links.rule(kind, uid)),
            "template": .flag(isTemplate),
            "groupCount": .text(Quantity.grouped(groupCount)),
            "alertCount": .text(Quantity.grouped(alertCount)),
            "deviceCount": .text(Quantity.grouped(deviceCount)),
        ]
    }
}

extension RulePage {
    func view(in frame: Frame) -> View {
        let document = YAMLMarkup(text)
        var view = frame.view(title: "Rule file \(uid)", place: .rules, here: uid)
        view.add(commits: commits, problems: problems, edit: uncommittedEdit, in: frame)
        view.add(pastOf: path, Links(frame))
        view.add(devices, links: Links(frame))
        view["kind"] = .text(kind.title)
        view["uid"] = .text(uid)
        view["template"] = .flag(isTemplate)
        view["groups"] = .text(Quantity.count(groupCount, "group"))
        view["alerts"] = .text(Quantity.count(alertCount, "alert"))
        view["size"] = .text(Quantity.bytes(text.utf8.count))
        view["path"] = .text(path)
        view["downloadHref"] = .address(downloadHref)
        view["isCut"] = .flag(document.isCut)
        view["documentHTML"] = .html(document.html)
        if let example {
            view["example"] = .view([
                "device": .text(example.device), "href": .address(example.href),
            ])
        }
        return view
    }
}
