extension DevicePage {
    func view(in frame: Frame) -> View {
        let pages = Links(frame)
        var view = frame.view(title: "Device \(uid)", place: .devices, here: uid)
        view.add(commits: commits, problems: problems, edit: uncommittedEdit, in: frame)
        view.add(pastOf: path, pages)
        view["uid"] = .text(uid)
        view["address"] = .text(address)
        view["created"] = .optional(created?.view(now: frame.now))
        view["contact"] = .optional(lastContact?.view(now: frame.now))
        view["path"] = .text(path)
        view["key"] = .nonEmpty(publicSSHKey)
        view["hasNeighbours"] = .flag(previous != nil || next != nil)
        view["previous"] = .optional(previous.map { pages.deviceView($0) })
        view["next"] = .optional(next.map { pages.deviceView($0) })
        view["foxgloveHref"] = .address(links.foxgloveStudio)
        view["grafanaHref"] = .address(links.grafana)
        view["bagFilesHref"] = .address(links.bagFiles)
        view["dashboardLists"] = .list(dashboardLists)
        view["ruleLists"] = .list(ruleLists(pages))
        view["certificate"] = .optional(certificate?.view(now: frame.now))
        view["place"] = .optional(place?.view(pages))
        view["size"] = .text(Quantity.bytes(json.count))
        view["jsonHref"] = .address(jsonHref)
        view["documentHTML"] = .html(JSONMarkup(json, folding: false).html)
        return view
    }

    private var dashboardLists: [View] {
        let lists = [
            ("Grafana dashboards", links.grafanaDashboards),
            ("Foxglove dashboards", links.foxgloveDashboards),
        ]
        return lists.filter { !$0.1.isEmpty }.map { name, dashboards in
            let entries = dashboards.map {
                ["uid": .text($0.uid), "href": .address($0.href)] as View
            }
            return ["name": .text(name), "links": .list(entries)]
        }
    }

    private func ruleLists(_ pages: Links) -> [View] {
        let lists = [(RuleKind.prometheus, prometheusRules), (RuleKind.loki, lokiRules)]
        return lists.filter { !$0.1.isEmpty }.map { kind, uids in
            let entries = uids.map {
                ["uid": .text($0), "href": .text(pages.rule(kind, $0))] as View
            }
            return ["name": .text(kind.title), "links": .list(entries)]
        }
    }
}

extension Links {
    fileprivate func deviceView(_ uid: String) -> View {
        ["uid": .text(uid), "href": .text(device(uid))]
    }
}

extension CertificateState {
    fileprivate func view(now: Moment) -> View {
        ["status": .text(status.rawValue), "since": .optional(since?.view(now: now))]
    }
}
