extension FleetPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Fleet", place: .fleet)
        let devices = Quantity.count(deviceCount, "device")
        view["heading"] = .text(project == nil ? "Fleet" : "Fleet of \(devices)")
        view["query"] = .text(query)
        view["isFiltered"] = .flag(!query.isEmpty)
        view["hasProject"] = .flag(project != nil)
        view.add(list: "rows", rows.map { $0.view(links, project) })
        view.add(list: "found", found.map { $0.view(links, project) })
        view["hasMore"] = .flag(hasMore)
        view["foundCount"] = .text(Quantity.grouped(found.count))
        if projects.count > 1 {
            view.add(
                list: "projects",
                projects.map { entry in
                    [
                        "name": .text(entry.name),
                        "count": .text(Quantity.grouped(entry.deviceCount)),
                        "href": .text(links.fleet(project: entry.uid)),
                        "current": .flag(entry.uid == project),
                    ]
                })
        }
        if project != nil {
            view.addSearch(
                "Search the fleet", query: query, path: "/fleet/",
                keeping: [(name: "project", value: project ?? "")], links: links)
        }
        return view
    }
}

extension Links {
    /// The tree with a node open.
    func fleet(_ node: String? = nil, project: String? = nil, from: Int = 0) -> String {
        address(
            "/fleet/",
            [
                (name: "project", value: project ?? ""), (name: "node", value: node ?? ""),
                (name: "from", value: from > 0 ? String(from) : ""),
            ])
    }
}

extension FleetNode {
    /// - Parameter href: where a click on the name of a place leads.
    func view(_ links: Links, _ project: String?) -> View {
        let counted = device == nil ? "device" : "device"
        let count = deviceCount == 0 ? "" : Quantity.count(deviceCount, counted)
        return [
            "name": .text(name), "kind": .text(kind), "number": .text(String(number)),
            "href": .text(device.map { links.device($0) } ?? links.fleet(path, project: project)),
            "address": .optional(address), "inactive": .flag(!isActive),
            "count": .nonEmpty(device == nil || count.isEmpty ? count : count + " below"),
        ]
    }
}

extension FleetRow {
    fileprivate func view(_ links: Links, _ project: String?) -> View {
        switch self {
        case .node(let node, let depth, let isOpen, let above):
            var view = node.view(links, project)
            view["isNode"] = .flag(true)
            view["depth"] = .number(min(depth, 12))
            view["level"] = .number(depth + 1)
            view["isOpen"] = .flag(isOpen)
            view["canOpen"] = .flag(node.hasChildren)
            view["toggleHref"] = .text(
                isOpen
                    ? links.fleet(above, project: project)
                    : links.fleet(node.path, project: project))
            view["toggleText"] = .text(isOpen ? "Close" : "Open")
            return view
        case .more(let below, let depth, let from, let total, let isBack):
            let rest = isBack ? from : total - from
            return [
                "isNode": .flag(false), "depth": .number(min(depth, 12)),
                "href": .text(
                    links.fleet(
                        below, project: project, from: isBack ? max(0, from - 100) : from)),
                "text": .text("\(Quantity.grouped(rest)) \(isBack ? "before these" : "more")"),
            ]
        }
    }
}

extension FleetFound {
    fileprivate func view(_ links: Links, _ project: String?) -> View {
        var view = node.view(links, project)
        view.add(list: "trail", trail.map { $0.view(links, project) })
        view["openHref"] = .text(links.fleet(node.path, project: project))
        return view
    }
}

extension DevicePlace {
    func view(_ links: Links) -> View {
        var view: View = ["number": .text(String(number))]
        view.add(
            list: "trail",
            trail.map { node in
                [
                    "name": .text(node.name), "kind": .text(node.kind),
                    "href": .text(links.fleet(node.path)),
                ]
            })
        view.add(
            list: "variables",
            variables.map { variable in
                var view: View = [
                    "name": .text(variable.name), "value": .text(variable.value),
                    "own": .flag(variable.isOwn),
                ]
                if !variable.isOwn {
                    view["source"] = .view([
                        "name": .text(variable.source.name), "kind": .text(variable.source.kind),
                        "href": .text(
                            variable.source.device.map { links.device($0) }
                                ?? links.fleet(variable.source.path)),
                    ])
                }
                return view
            })
        view.add(list: "labels", labels.map { ["label": .text($0)] })
        return view
    }
}
