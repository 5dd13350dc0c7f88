import FoundationEssentials
import RegistryHTML
import Testing

private let folder = ProcessInfo.processInfo.environment["MUSTER_PAGES_DIR"]

@Suite("Writing pages to look at", .enabled(if: folder != nil, "MUSTER_PAGES_DIR is not set"))
struct WritePagesTests {
    @Test("every page and static file is written to MUSTER_PAGES_DIR")
    func write() throws {
        let folder = try #require(folder)
        try FileManager.default.createDirectory(
            atPath: folder + "/static", withIntermediateDirectories: true)
        for file in StaticFile.all {
            try Data(file.bytes).write(to: URL(filePath: "\(folder)/static/\(file.name)"))
        }
        for (name, html) in try pages() {
            try Data(html.utf8).write(to: URL(filePath: "\(folder)/\(name).html"))
        }
    }

    private func pages() throws -> [(String, String)] {
        let renderer = try PageRenderer()
        var troubled = Sample.troubledFrame
        troubled.base = ""
        let frame = Sample.frame
        let json = try SharedData.file("grafana_dashboards/node-exporter-full.json") ?? []
        let rules = try SharedData.file("prometheus_alert_rules/low_memory.rules") ?? []
        let rule = Sample.rule(text: String(decoding: rules, as: UTF8.self))
        let empty = DeviceListPage(devices: [], total: 0, registered: 0)
        let filtered = DeviceListPage(devices: [], total: 0, registered: 9, query: "robot-<b>")
        let long = String(repeating: "very-long_name", count: 18) + "\u{202E}אבג"
        let hostile = HostilePages(renderer: renderer, text: long).all.map {
            ("long-" + $0.name, $0.html.replacingBase)
        }
        return hostile + access(renderer) + [
            ("overview", renderer.render(Sample.overview, in: frame)),
            ("overview-troubled", renderer.render(Sample.troubledOverview, in: troubled)),
            ("overview-empty", renderer.render(Sample.emptyOverview, in: frame)),
            ("devices", renderer.render(Sample.deviceList, in: frame)),
            ("devices-empty", renderer.render(empty, in: frame)),
            ("devices-filtered", renderer.render(filtered, in: frame)),
            ("device", renderer.render(Sample.device, in: frame)),
            ("device-troubled", renderer.render(Sample.troubledDevice, in: troubled)),
            ("dashboards", renderer.render(Sample.dashboardList, in: frame)),
            ("dashboard", renderer.render(Sample.dashboard(json: json), in: frame)),
            ("rules", renderer.render(Sample.ruleList, in: frame)),
            ("rule", renderer.render(rule, in: frame)),
            ("unknown", renderer.render(MessagePage.unknownDevice("<b>ghost"), in: frame)),
        ]
    }

    private func access(_ renderer: PageRenderer) -> [(String, String)] {
        let frame = Sample.accountFrame
        let accounts = AccountListPage(rows: Sample.accountRows, knownRoles: Sample.knownRoles)
        let account = AccountDetailPage(
            row: Sample.accountRows[1], knownRoles: Sample.knownRoles, sessions: Sample.sessions,
            password: "h4kd-p2xw-9rtn-cmvb", done: "The account is added.")
        let password = PasswordPage(account: "ada", isRequired: true, shortest: 10)
        return [
            ("login", renderer.render(Sample.login, in: Sample.bareFrame)),
            ("password", renderer.render(password, in: frame)),
            ("account", renderer.render(Sample.account, in: frame)),
            ("tokens", renderer.render(Sample.tokens, in: frame)),
            ("accounts", renderer.render(accounts, in: frame)),
            ("account-of-another", renderer.render(account, in: frame)),
        ]
    }
}

extension String {
    /// The page as it would be without a base.
    fileprivate var replacingBase: String {
        components("=\"/muster/").joined(separator: "=\"/")
    }
}
