extension DashboardListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let total = sections.reduce(0) { $0 + $1.total }
        let heading = Quantity.count(total, "dashboard")
        var view = frame.view(title: heading, place: .dashboards)
        view["heading"] = .text(heading)
        let kindMember = (name: "kind", value: kind?.rawValue ?? "")
        let queryMember = (name: "q", value: query)
        view.addSearch(
            "Search dashboards", query: query, path: "/dashboards/", keeping: [kindMember],
            links: links)
        view["tabs"] = .list(
            ([nil] + DashboardKind.allCases).map { tab in
                let members = [(name: "kind", value: tab?.rawValue ?? ""), queryMember]
                return [
                    "text": .text(tab?.title ?? "All"), "current": .flag(tab == kind),
                    "href": .text(links.address("/dashboards/", members)),
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
                    "none": .text(query.isEmpty ? "No dashboards yet." : "None matches."),
                    "moreHref": isCut ? .text(links.address("/dashboards/", members)) : .absent,
                ]
            })
        view.add(paging) { page in
            links.address(
                "/dashboards/", [(name: "page", value: page), kindMember, queryMember])
        }
        return view
    }
}

extension DashboardListPage.Section {
    fileprivate func entries(_ links: Links) -> View.Slot {
        if rows.isEmpty { return .absent }
        let entries = rows.map {
            [
                "uid": .text($0.uid), "href": .text(links.dashboard(kind, $0.uid)),
                "name": .nonEmpty($0.title), "size": .text(Quantity.bytes($0.sizeBytes)),
                "deviceCount": .text(Quantity.grouped($0.deviceCount)),
            ] as View
        }
        return .view(["entries": .list(entries)])
    }
}

extension DashboardPage {
    func view(in frame: Frame) -> View {
        let document = JSONMarkup(json, folding: true)
        var view = frame.view(title: "Dashboard \(uid)", place: .dashboards, here: uid)
        view.add(commits: commits, problems: problems, edit: uncommittedEdit, now: frame.now)
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
