extension DashboardListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let list = KindList(
            noun: "dashboard", path: "/dashboards/", place: .dashboards,
            kinds: DashboardKind.allCases.map(\.inList), shown: kind?.inList, query: query,
            paging: paging,
            sections: sections.map { section in
                let rows = section.rows.map { $0.view(of: section.kind, links) }
                return .init(kind: section.kind.inList, rows: rows, total: section.total)
            })
        return list.view(in: frame)
    }
}

extension DashboardKind {
    fileprivate var inList: KindList.Kind { .init(value: rawValue, title: title) }
}

extension DashboardListPage.Row {
    fileprivate func view(of kind: DashboardKind, _ links: Links) -> View {
        [
            "uid": .text(uid), "href": .text(links.dashboard(kind, uid)),
            "name": .nonEmpty(title), "size": .text(Quantity.bytes(sizeBytes)),
            "deviceCount": .text(Quantity.grouped(deviceCount)),
        ]
    }
}

extension DashboardPage {
    func view(in frame: Frame) -> View {
        let document = JSONMarkup(json, folding: true)
        var view = frame.view(title: "Dashboard \(uid)", place: .dashboards, here: uid)
        view.add(commits: commits, problems: problems, edit: uncommittedEdit, in: frame)
        view.add(pastOf: path, Links(frame))
        view.add(devices, links: Links(frame))
        view["kind"] = .text(kind.title)
        view["uid"] = .text(uid)
        view["name"] = .nonEmpty(title)
        view["size"] = .text(Quantity.bytes(json.count))
        view["path"] = .text(path)
        view["downloadHref"] = .address(downloadHref)
        view["isCut"] = .flag(document.isCut)
        view["documentHTML"] = .html(document.html)
        return view
    }
}
