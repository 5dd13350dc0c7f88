import JSON
import Registry

@testable import RegistryHTML

/// Every page with one text in every field that takes text.
struct HostilePages {
    let renderer: PageRenderer
    let text: String
    var base = "/muster"
    /// Nil for an account with the text as its name.
    var reader: Reader?
    var rights = ReaderRights.all
    var readOnly: ReadOnly?

    var all: [(name: String, html: String)] {
        [
            ("overview", renderer.render(overview, in: frame)),
            ("device list", renderer.render(deviceList, in: frame)),
            ("filtered list", renderer.render(filteredList, in: frame)),
            ("device", renderer.render(device, in: frame)),
            ("fleet", renderer.render(fleet, in: frame)),
            ("search of the fleet", renderer.render(fleetSearch, in: frame)),
            ("dashboards", renderer.render(dashboardList, in: frame)),
            ("dashboard", renderer.render(dashboard, in: frame)),
            ("rules", renderer.render(ruleList, in: frame)),
            ("rule", renderer.render(rule, in: frame)),
            ("repository", renderer.render(repository, in: frame)),
            (
                "edits",
                renderer.render(
                    EditsPage(edits: [change, change], count: 3, done: text), in: frame)
            ),
            ("discard", renderer.render(DiscardPage(edit: change, folder: text), in: frame)),
            ("problems", renderer.render(problemList, in: frame)),
            ("kept", renderer.render(kept, in: frame)),
        ] + proposalPages + historyPages + undoPages + webhookPages + accessPages + [
            ("message", renderer.render(MessagePage.unknownDevice(text), in: frame)),
            ("path", renderer.render(MessagePage.unknownPath(text), in: frame)),
            ("method", renderer.render(MessagePage.methodNotAllowed(text), in: frame)),
        ]
    }

    var now: Moment { Sample.now }

    var frame: Frame {
        var frame = Frame(
            base: base, now: now, commit: ServedCommit(id: text, date: now), branch: text,
            at: text,
            address: PageAddress(path: "/devices/", query: [.init(name: text, value: text)]),
            notices: Notices(
                readOnly: readOnly, awayBranch: text, uncommittedEdits: 1, invalidDocuments: 1),
            reader: reader ?? .account(text), formCode: text)
        frame.rights = rights
        return frame
    }

    var commits: [CommitLine] {
        [CommitLine(id: text, subject: text, author: text, date: now)]
    }
    private var edit: UncommittedEdit { UncommittedEdit(path: text, diff: "+\(text)\n-\(text)") }
    var problems: [RegistryHTML.Problem] {
        [RegistryHTML.Problem(path: text, place: text, reason: text)]
    }
    var uses: DeviceUse {
        DeviceUse(first: Array(repeating: text, count: 40), count: 41)
    }
    private var json: [UInt8] {
        let items = Array(repeating: "      \"\(text)\"", count: 20).joined(separator: ",\n")
        return Array("{\n  \"\(text)\": [\n\(items)\n  ],\n  \"title\": \"\(text)\"\n}\n".utf8)
    }

    private var overview: OverviewPage {
        OverviewPage(
            counts: [CollectionCount(name: text, count: 0, path: "/devices/")], commits: commits,
            silentDevices: [SilentDevice(uid: text, address: text, lastContact: nil)],
            silentCount: 9, silentAfter: text, serverURL: text, cloneURL: text,
            problems: problems, uncommittedEdits: [edit])
    }

    private var fleetNode: FleetNode {
        FleetNode(
            path: text, kind: text, name: text, number: 7, device: text, address: text,
            isActive: false, deviceCount: 2, hasChildren: true)
    }

    var fleetPlace: DevicePlace {
        DevicePlace(
            trail: [fleetNode], number: 7,
            variables: [
                FleetVariable(name: text, value: text, source: fleetNode, isOwn: false),
                FleetVariable(name: text, value: text, source: fleetNode, isOwn: true),
            ], labels: [text])
    }

    private var fleet: FleetPage {
        FleetPage(
            projects: [
                FleetProject(uid: text, name: text, deviceCount: 1),
                FleetProject(uid: "b", name: text, deviceCount: 1),
            ], project: text, deviceCount: 2,
            rows: [
                .node(fleetNode, depth: 0, isOpen: true, above: text),
                .more(below: text, depth: 1, from: 5, total: 9, isBack: true),
            ])
    }

    private var fleetSearch: FleetPage {
        FleetPage(
            projects: [], project: text, query: text,
            found: [FleetFound(node: fleetNode, trail: [fleetNode])], hasMore: true)
    }

    private var conflict: MergeConflict {
        MergeConflict(
            path: text, pointer: JSONPointer(tokens: [JSONString(text)]), base: .text(text),
            ours: .text(text), theirs: .text(text), reason: text)
    }

    private var repository: RepositoryPage {
        var page = RepositoryPage(cloneURL: text, clonePath: text)
        page.conflicts = [conflict]
        page.filesBehind = [text]
        page.lastError = text
        var upstream = RepositoryPage.Upstream(address: text, branch: text)
        upstream.error = text
        upstream.conflicts = [conflict]
        upstream.problems = problems
        page.upstream = upstream
        return page
    }

    private var change: EditsPage.Edit {
        let old = JSONValue.object([JSONString(text): .text(text)]).canonicalBytes()
        return EditsPage.Edit(
            difference: DocumentDifference(
                path: "\(text).json", old: old, new: Array("{\"x\": 1}".utf8)), tag: text,
            problem: nil)
    }

    private var problemList: ProblemsPage {
        ProblemsPage(
            rows: [.init(problem: problems[0], isWarning: false, served: nil, advice: text)],
            count: 30, paging: Paging(page: 2, pageCount: 3))
    }

    private var kept: KeptPage {
        KeptPage(
            tips: [
                .init(
                    name: text, commit: commits[0], missing: commits, missingCount: 30,
                    isMerged: false)
            ], done: text)
    }

    private var deviceList: DeviceListPage {
        DeviceListPage(
            devices: [DeviceRow(uid: text, address: text, created: now)], total: 30,
            registered: 90, query: text, paging: Paging(page: 2, pageCount: 3))
    }

    private var filteredList: DeviceListPage {
        DeviceListPage(devices: [], total: 0, registered: 3, query: text)
    }

    private var device: DevicePage {
        let dashboards = [DashboardLink(uid: text, href: text)]
        return DevicePage(
            uid: text, address: text, created: nil, publicSSHKey: text,
            links: DeviceLinks(
                foxgloveStudio: text, grafana: text, bagFiles: text,
                foxgloveDashboards: dashboards, grafanaDashboards: dashboards),
            prometheusRules: [text], lokiRules: [text],
            certificate: CertificateState(
                status: .denied, since: now),
            commits: commits, uncommittedEdit: edit, problems: problems, path: text, json: json,
            jsonHref: text, previous: text, next: text, place: fleetPlace)
    }

    private var dashboardList: DashboardListPage {
        let row = DashboardListPage.Row(uid: text, title: text, sizeBytes: 1, deviceCount: 1)
        return DashboardListPage(
            sections: [.init(kind: .grafana, rows: [row], total: 5)], query: text,
            paging: Paging(page: 1, pageCount: 2))
    }

    private var dashboard: DashboardPage {
        DashboardPage(
            kind: .foxglove, uid: text, title: text, path: text, json: json, downloadHref: text,
            devices: uses, commits: commits, uncommittedEdit: edit, problems: problems)
    }

    private var ruleList: RuleListPage {
        let row = RuleListPage.Row(
            uid: text, isTemplate: true, groupCount: 1, alertCount: 1, deviceCount: 1)
        return RuleListPage(sections: [.init(kind: .loki, rows: [row], total: 5)], query: text)
    }

    private var rule: RulePage {
        RulePage(
            kind: .loki, uid: text, isTemplate: true, path: text,
            text: "# \(text)\n- alert: \(text)\n\(text): %%\(text)%% {{ \(text) }}\n",
            downloadHref: text, example: .init(device: text, href: text), devices: uses,
            commits: commits, uncommittedEdit: edit, problems: problems)
    }
}
