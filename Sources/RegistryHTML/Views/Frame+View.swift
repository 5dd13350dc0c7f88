/// The places that the navigation and the breadcrumb name.
enum Place: Sendable {
    case overview, devices, fleet, dashboards, rules, history, proposals, repository, search
    case account, accounts

    static let navigation: [Place] = [
        .overview, .devices, .fleet, .dashboards, .rules, .history, .proposals, .repository,
        .search,
    ]

    var title: String {
        switch self {
        case .overview: "Overview"
        case .devices: "Devices"
        case .fleet: "Fleet"
        case .dashboards: "Dashboards"
        case .rules: "Rules"
        case .history: "History"
        case .proposals: "Proposals"
        case .repository: "Repository"
        case .search: "Search"
        case .account: "Your account"
        case .accounts: "Accounts"
        }
    }

    /// Whether somebody with these rights sees more there than a refusal.
    func isOpen(to rights: ReaderRights) -> Bool {
        switch self {
        case .overview, .fleet, .history, .proposals, .repository, .search: rights.readsAll
        case .devices: rights.readsDevices
        case .dashboards: rights.readsDashboards
        case .rules: rights.readsRules
        case .account: true
        case .accounts: rights.administers
        }
    }

    func href(_ links: Links) -> String {
        switch self {
        case .overview: links.overview
        case .devices: links.devices
        case .fleet: links.fleet()
        case .dashboards: links.dashboards
        case .rules: links.rules
        case .history: links.history()
        case .proposals: links.proposals
        case .repository: links.repository
        case .search: links.search
        case .account: links.account
        case .accounts: links.accounts
        }
    }
}

extension Frame {
    /// What the layout shows around a page.
    ///
    /// - Parameters:
    ///   - title: the page's name in the browser's title.
    ///   - place: where the page belongs; nil for messages.
    ///   - way: the pages between `place` and this one in the breadcrumb.
    ///   - here: the page's name in the breadcrumb below `place`; nil when it is the place itself.
    func view(
        title: String, place: Place?, by way: [(title: String, href: String)] = [],
        here: String? = nil
    ) -> View {
        let links = Links(self)
        var view: View = [
            "title": .text(title), "branch": .text(branch),
            "iconHref": .text(links.file(.icon)), "styleHref": .text(links.file(.style)),
            "scriptHref": .text(links.file(.script)),
            "overviewHref": .text(links.overview), "editsHref": .text(links.edits),
            "devicesHref": .text(links.devices), "apiHref": .text(links.api),
            "notices": .list(isBare ? [] : noticeViews(links)), "isBare": .flag(isBare),
            "readsAll": .flag(rights.readsAll), "mayWrite": .flag(rights.writes && takesWrites),
            "mayAdminister": .flag(rights.administers),
            "mayManage": .flag(rights.administers && takesWrites),
        ]
        let places = Place.navigation.filter { $0.isOpen(to: rights) }
        view["navigation"] = .list(
            places.map {
                [
                    "text": .text($0.title), "href": .text($0.href(links)),
                    "current": .flag($0 == place && here == nil),
                    "within": .flag($0 == place && here != nil),
                ]
            })
        if let commit {
            var line = commit.date.view(now: now)
            line["id"] = .text(commit.id)
            line["short"] = .text(String(commit.id.prefix(8)))
            view["commit"] = .view(line)
        }
        view["times"] = .optional(timeView)
        addReader(to: &view, links)
        if let place, let here {
            let href = place.isOpen(to: rights) ? place.href(links) : nil
            let trail: [View] =
                [["text": .text(place.title), "href": .optional(href)]]
                + way.map { ["text": .text($0.title), "href": .text($0.href)] }
            view["hasTrail"] = .flag(true)
            view["trail"] = .list(trail)
            view["here"] = .text(here)
        }
        return view
    }

    /// Who looks at it, and what the partials `author` and `form_code` show.
    private func addReader(to view: inout View, _ links: Links) {
        view["formCode"] = .text(formCode)
        switch reader {
        case .anybody: view["asksName"] = .flag(true)
        case .anonymous: view["loginHref"] = .text(links.login(then: address, at: at))
        case .account(let name):
            view["loginName"] = .text(name)
            view["accountHref"] = .text(links.account)
            view["logoutHref"] = .text(links.logout)
        }
    }

    /// What the partial `times` shows: which time it is, and how to choose another.
    private var timeView: View? {
        guard let address else { return nil }
        var view: View = [
            "action": .text(base + address.path), "at": .text(at ?? ""),
            "isElsewhere": .flag(at != nil),
            "hidden": .list(
                address.query.map { ["name": .text($0.name), "value": .text($0.value)] }),
        ]
        guard let at else { return view }
        let isProposal = at.hasPrefix("proposal:")
        // The commit is named anyway.
        view["name"] = at == commit?.id ? .absent : .text(at)
        view["label"] = .text(isProposal ? "As it would be" : "As it was")
        let now = Links(base: base, at: nil)
        view["nowHref"] = .text(
            now.address(address.path, address.query.map { (name: $0.name, value: $0.value) }))
        return view
    }

    private func noticeViews(_ links: Links) -> [View] {
        var views: [View] = []
        func add(
            _ tone: String, _ label: String, _ text: String,
            _ link: (text: String, href: String)? = nil
        ) {
            let link = rights.readsAll ? link : nil
            views.append([
                "tone": .text(tone), "label": .text(label), "text": .text(text),
                "href": .optional(link?.href), "link": .optional(link?.text),
            ])
        }
        if let away = notices.awayBranch {
            let text =
                "the working tree is on \(away); \(branch) is still served, and writes wait. "
                + "To go on: git switch \(branch)"
            add("bad", "Branch switched:", text, ("More", links.repository))
        }
        switch notices.readOnly {
        case .chosen:
            add("", "Read-only:", "this server shows the registry and changes nothing in it.")
        case .trouble(let reason): add("warn", "Read-only:", reason)
        case nil: break
        }
        if notices.invalidDocuments > 0 {
            let count = Quantity.count(notices.invalidDocuments, "document")
            let text = "\(count) with problems; the last good version is shown."
            add("bad", "Invalid:", text, ("Which", links.problems))
        }
        if notices.uncommittedEdits > 0 {
            let count = Quantity.count(notices.uncommittedEdits, "file")
            let text = "\(count) edited in the working tree."
            add("warn", "Uncommitted:", text, ("Which", links.edits))
        }
        if notices.keptTips > 0 {
            let kept =
                notices.keptTips == 1
                ? "1 tip is kept under a name of its own"
                : "\(Quantity.count(notices.keptTips, "tip")) are kept under names of their own"
            let text = "\(branch) only grows; \(kept)."
            add("warn", "Rewritten by hand:", text, ("What to do", links.kept))
        }
        if notices.mergeConflicts > 0 {
            let count = Quantity.count(notices.mergeConflicts, "place")
            let text = "both sides of a merge changed \(count)."
            add("bad", "To be decided:", text, ("Which", links.repository + "#conflicts"))
        }
        return views
    }
}
