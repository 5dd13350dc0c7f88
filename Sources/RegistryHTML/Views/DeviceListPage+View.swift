extension DeviceListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: heading, place: .devices)
        view["heading"] = .text(heading)
        view["query"] = .text(query)
        view["isFiltered"] = .flag(!query.isEmpty)
        view["hasDevices"] = .flag(!devices.isEmpty)
        view["devices"] = .list(devices.map { $0.view(now: frame.now, links: links) })
        view["columns"] = .list(columns(links))
        if registered > 0 {
            view.addSearch(
                "Search devices", query: query, path: "/devices/",
                keeping: [sortMember, sizeMember],
                links: links)
        }
        view.add(paging) { members in
            links.address("/devices/", members + [(name: "q", value: query), sortMember])
        }
        return view
    }

    private var heading: String {
        if query.isEmpty { return Quantity.count(total, "device") }
        return "\(Quantity.grouped(total)) of \(Quantity.count(registered, "device"))"
    }

    private var sortMember: (name: String, value: String) {
        (name: "sort", value: order == .standard ? "" : order.text)
    }

    private var sizeMember: (name: String, value: String) {
        (name: "per_page", value: paging.sizeText)
    }

    private func columns(_ links: Links) -> [View] {
        let sortable: [(DeviceOrder.Column, String)] = [
            (.uid, "Uid"), (.address, "Address"), (.created, "Created"),
            (.contact, "Last contact"),
        ]
        var views = sortable.map { column, title -> View in
            let isSorted = column == order.column
            let target = DeviceOrder(column: column, descending: isSorted && !order.descending)
            let sort = target == .standard ? "" : target.text
            let members = [(name: "q", value: query), (name: "sort", value: sort), sizeMember]
            return [
                "text": .text(title), "href": .text(links.address("/devices/", members)),
                "sorted": isSorted ? .text(order.descending ? "descending" : "ascending") : .absent,
                "arrow": isSorted ? .text(order.descending ? "↓" : "↑") : .absent,
            ]
        }
        views.append(["text": .text("Dashboards"), "numeric": .flag(true)])
        return views
    }
}

extension DeviceRow {
    fileprivate func view(now: Moment, links: Links) -> View {
        [
            "uid": .text(uid), "href": .text(links.device(uid)), "address": .text(address),
            "created": .optional(created?.view(now: now)),
            "contact": .optional(lastContact?.view(now: now)),
            "dashboards": .number(dashboardCount),
        ]
    }
}
