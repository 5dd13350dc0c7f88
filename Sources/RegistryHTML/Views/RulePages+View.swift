extension RuleListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let total = sections.reduce(0) { $0 + $1.total }
        let heading = Quantity.count(total, "rule file")
        var view = frame.view(title: heading, place: .rules)
        view["heading"] = .text(heading)
        let kindMember = (name: "kind", value: kind?.rawValue ?? "")
        let queryMember = (name: "q", value: query)
        view.addSearch(
            "Search rule files", query: query, path: "/rules/", keeping: [kindMember],
            links: links)
        view["tabs"] = .list(
            ([nil] + RuleKind.allCases).map { tab in
                let members = [(name: "kind", value: tab?.rawValue ?? ""), queryMember]
                return [
                    "text": .text(tab?.title ?? "All"), "current": .flag(tab == kind),
                    "href": .text(links.address("/rules/", members)),
                ]
            })
        view["sections"] = .list(
            sections.map { section in
                let members = [(name: "kind", value: section.kind.rawValue), queryMember]
                let isCut = kind == nil && section.rows.count < section.total
                return [
                    "id": .text(section.kind.rawValue), "name": .text(section.kind.title),
                    "count": .text(Quantity.grouped(section.total)),
                    "rows": section.entries(links),
                    "none": .text(query.isEmpty ? "No rule files yet." : "None matches."),
                    "moreHref": isCut ? .text(links.address("/rules/", members)) : .absent,
                ]
            })
        view.add(paging) { page in
            links.address("/rules/", [(name: "page", value: page), kindMember, queryMember])
        }
        return view
    }
}

extension RuleListPage.Section {
    fileprivate func entries(_ links: Links) -> View.Slot {
        if rows.isEmpty { return .absent }
        let entries = rows.map {
            [
                "uid": .text($0.uid), "href": .text(links.rule(kind, $0.uid)),
                "template": .flag($0.isTemplate),
                "groupCount": .text(Quantity.grouped($0.groupCount)),
                "alertCount": .text(Quantity.grouped($0.alertCount)),
                "deviceCount": .text(Quantity.grouped($0.deviceCount)),
            ] as View
        }
        return .view(["entries": .list(entries)])
    }
}

extension RulePage {
    func view(in frame: Frame) -> View {
        let document = YAMLMarkup(text)
        var view = frame.view(title: "Rule file \(uid)", place: .rules, here: uid)
        view.add(commits: commits, problems: problems, edit: uncommittedEdit, now: frame.now)
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
