@testable import RegistryHTML

/// Pages with what a registry in use would show.
enum Sample {
    static let now = Moment(seconds: 1_769_863_445)

    static func ago(_ seconds: Int64) -> Moment { Moment(seconds: now.seconds - seconds) }

    static let frame = Frame(
        now: now, commit: ServedCommit(id: String(repeating: "3fa94c01", count: 5), date: ago(240)))

    static let troubledFrame = Frame(
        base: "/muster", now: now,
        commit: ServedCommit(id: String(repeating: "3fa94c01", count: 5), date: ago(240)),
        notices: Notices(
            readOnly: .trouble("a flush failed (5)"), awayBranch: "try-new-labels",
            uncommittedEdits: 2, invalidDocuments: 1))

    static let commits: [CommitLine] = [
        ("devices/robot-117: register", "device robot-117", 240),
        ("grafana_dashboards/node-exporter-full: replace", "Ana Okonkwo", 7_300),
        ("Raise the battery alert to 20 % after the winter trial", "Jörg Nieminen", 90_000),
        ("devices/agv-hall-2-0004: replace", "device agv-hall-2-0004", 260_000),
        ("Merge pull request #41 from lab/labels", "Mei Castellanos", 3_000_000),
    ].enumerated().map { index, line in
        CommitLine(
            id: "\(index)b81c2d\(index)" + String(repeating: "a", count: 32), subject: line.0,
            author: line.1, date: ago(line.2))
    }

    static let problems = [
        Problem(
            path: "devices/robot-9.json", place: "/grafana_dashboards/0",
            reason: "names the dashboard battery-v1, which does not exist"),
        Problem(
            path: "prometheus_alert_rules/disk.rules", place: "line 14",
            reason: "is no YAML: mapping values are not allowed here"),
    ]

    static let edit = UncommittedEdit(
        path: "devices/robot-117.json",
        diff: """
            @@ -1,6 +1,6 @@
             {
               "uid": "robot-117",
            -  "address": "192.168.0.23",
            +  "address": "192.168.0.24",
               "grafana_dashboards": [
                 "node-exporter-full"

            """)

    static let counts = [
        CollectionCount(name: "Devices", count: 1_204, path: "/devices/"),
        CollectionCount(name: "Grafana dashboards", count: 12, path: "/dashboards/"),
        CollectionCount(name: "Foxglove dashboards", count: 3, path: "/dashboards/"),
        CollectionCount(name: "Prometheus rules", count: 8, path: "/rules/"),
        CollectionCount(name: "Loki rules", count: 2, path: "/rules/"),
        CollectionCount(name: "Certificates", count: 640),
    ]

    static let overview = OverviewPage(
        counts: counts, commits: commits,
        silentDevices: (0..<6).map {
            SilentDevice(
                uid: "agv-hall-\($0)-000\($0)", address: "10.20.\($0).4",
                lastContact: $0 == 0 ? nil : ago(100_000 * Int64(9 - $0)))
        },
        silentCount: 17, serverURL: "http://127.0.0.1:8000",
        cloneURL: "http://127.0.0.1:8000/registry.git")

    static var troubledOverview: OverviewPage {
        var page = overview
        page.problems = problems
        page.uncommittedEdits = [edit, UncommittedEdit(path: "loki_alert_rules/log_rate.rules")]
        return page
    }

    static let emptyOverview = OverviewPage(
        counts: counts.map { CollectionCount(name: $0.name, count: 0, path: $0.path) },
        serverURL: "http://127.0.0.1:8000", cloneURL: "http://127.0.0.1:8000/registry.git")

    static let deviceList = DeviceListPage(
        devices: (0..<20).map {
            DeviceRow(
                uid: $0 % 3 == 0 ? "robot-1\($0)" : "agv-hall-\($0 % 4)-00\($0 + 10)",
                address: $0 == 4 ? "2001:db8::5" : "192.168.0.\($0 + 2)",
                created: ago(86_400 * Int64(120 - $0)),
                lastContact: $0 == 5 ? nil : ago(Int64($0 * $0 * 300)), dashboardCount: $0 % 5)
        },
        total: 1_204, registered: 1_204, paging: Paging(page: 2, pageCount: 61))

    static let device = DevicePage(
        uid: "robot-117", address: "192.168.0.23", created: Moment(rfc3339: "2026-01-31T12:44:05Z"),
        lastContact: ago(75),
        publicSSHKey:
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl robot-117",
        links: DeviceLinks(
            foxgloveStudio:
                "http://localhost/cos-foxglove-studio/?ds=foxglove-websocket&ds.url=ws%3A%2F%2F192.168.0.23%3A8765",
            grafana: "http://localhost/cos-grafana/dashboards/",
            bagFiles: "http://localhost/cos-ros2bag-fileserver/robot-117/",
            foxgloveDashboards: [DashboardLink(uid: "teleop", href: "http://localhost/t")],
            grafanaDashboards: [
                DashboardLink(
                    uid: "node-exporter-full",
                    href: "http://localhost/cos-grafana/d/node-exporter-full/?var-Host=robot-117"),
                DashboardLink(uid: "systemd-and-snaps-logs", href: "http://localhost/s"),
            ]),
        prometheusRules: ["low_memory", "ros2_battery"], lokiRules: ["high_log_rate"],
        certificate: CertificateState(status: .signed, since: ago(2_000_000)),
        commits: commits, path: "devices/robot-117.json",
        json: Array(
            """
            {
              "uid": "robot-117",
              "creation_date": "2026-01-31T12:44:05.120000Z",
              "address": "192.168.0.23",
              "grafana_dashboards": [
                "node-exporter-full"
              ],
              "annotations": {
                "rack": 4,
                "indoor": true
              }
            }

            """.utf8), jsonHref: "/api/v1/devices/robot-117/", previous: "robot-116",
        next: "robot-118")

    static var troubledDevice: DevicePage {
        var page = device
        page.problems = problems
        page.uncommittedEdit = edit
        page.certificate = CertificateState(status: .pending, since: ago(4_000))
        return page
    }

    static let dashboardList = DashboardListPage(sections: [
        DashboardListPage.Section(
            kind: .grafana,
            rows: [
                .init(
                    uid: "node-exporter-full", title: "Node Exporter Full", sizeBytes: 467_698,
                    deviceCount: 1_180),
                .init(uid: "haproxy", title: "HAProxy 2 Full", sizeBytes: 359_334, deviceCount: 0),
                .init(
                    uid: "linux-system", title: "Linux system (host details)",
                    sizeBytes: 1_079_567, deviceCount: 12),
            ], total: 12),
        DashboardListPage.Section(
            kind: .foxglove,
            rows: [.init(uid: "teleop", title: "", sizeBytes: 3_238, deviceCount: 1)], total: 1),
    ])

    static func dashboard(json: [UInt8]) -> DashboardPage {
        DashboardPage(
            kind: .grafana, uid: "node-exporter-full", title: "Node Exporter Full",
            path: "grafana_dashboards/node-exporter-full.json", json: json,
            downloadHref: "/api/v1/applications/grafana/dashboards/node-exporter-full/",
            devices: DeviceUse(first: (0..<100).map { "robot-\($0)" }, count: 1_180),
            commits: commits)
    }

    static let ruleList = RuleListPage(sections: [
        RuleListPage.Section(
            kind: .prometheus,
            rows: [
                .init(
                    uid: "low_memory", isTemplate: true, groupCount: 1, alertCount: 1,
                    deviceCount: 1_180),
                .init(
                    uid: "ros2_battery", isTemplate: false, groupCount: 2, alertCount: 7,
                    deviceCount: 12),
            ], total: 2),
        RuleListPage.Section(kind: .loki, rows: [], total: 0),
    ])

    static func rule(text: String) -> RulePage {
        RulePage(
            kind: .prometheus, uid: "low_memory", isTemplate: true, groupCount: 1, alertCount: 1,
            path: "prometheus_alert_rules/low_memory.rules", text: text,
            downloadHref: "/api/v1/applications/prometheus/alert_rules/low_memory/",
            example: RulePage.Example(device: "robot-117", href: "/x"),
            devices: DeviceUse(first: ["robot-117", "robot-118"], count: 2), commits: commits)
    }
}
