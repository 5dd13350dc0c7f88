@testable import RegistryHTML

extension Sample {
    /// What somebody sees who has logged in.
    static var accountFrame: Frame {
        var frame = frame
        frame.reader = .account("ada")
        frame.formCode = "0f"
        return frame
    }

    static var bareFrame: Frame {
        var frame = frame
        frame.reader = .anonymous
        frame.isBare = true
        return frame
    }

    static let login = LoginPage(account: "ada", then: "/devices/", failure: "Try again.")

    static let sessions = [
        LoginSession(
            id: "se_1", browser: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Firefox/140.0",
            address: "10.20.4.7", began: ago(4_000), lastUse: ago(20), ends: ago(-43_000),
            isThis: true),
        LoginSession(
            id: "se_2", browser: "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5) Safari/604.1",
            address: nil, began: ago(90_000), lastUse: ago(40_000), ends: ago(-3_000),
            isThis: false),
    ]

    static let account = AccountPage(
        name: "ada", roles: ["admin", "operator"],
        rights: ["Read everything.", "Write devices and variables/devices."], sessions: sessions,
        isAdministrator: true, done: "The password is changed.")

    static let tokens = TokenListPage(
        owner: "ada", isOwn: true,
        tokens: [
            .init(
                id: "tk_1", name: "backup of hall 2", rights: ["read"], collections: nil,
                device: nil, networks: ["10.0.0.0/8"], created: ago(9_000_000),
                expires: ago(-3_000_000), lastUse: ago(300), lastAddress: "10.20.4.7"),
            .init(
                id: "tk_2", name: "agent of robot-117", rights: ["read", "write"],
                collections: ["devices", "certificates"], device: "robot-117", networks: [],
                created: ago(9_000_000), expires: ago(3_000), lastUse: nil, lastAddress: nil),
            .init(
                id: "tk_3", name: "laptop", rights: ["read", "write", "approve", "administer"],
                collections: nil, device: nil, networks: [], created: ago(9_000_000), expires: nil,
                lastUse: ago(90_000), lastAddress: nil),
        ], rights: ["read", "write", "approve", "administer"],
        collections: [
            "devices", "certificates", "grafana_dashboards", "foxglove_dashboards",
            "prometheus_alert_rules", "loki_alert_rules", "craton/regions", "variables/devices",
        ], secret: "muster_" + String(repeating: "3fa94c01", count: 8),
        done: "The token is created.")

    static let accountRows = [
        row("ada", ["admin", "operator"], isOwn: true),
        row("grace", ["reader"], awaitsPassword: true),
        row("hall-2-agent", ["agent"], isMachine: true, tokens: 12),
        row("jean", [], isDisabled: true),
    ]

    static func row(
        _ name: String, _ roles: [String], isMachine: Bool = false, isDisabled: Bool = false,
        awaitsPassword: Bool = false, tokens: Int = 0, isOwn: Bool = false
    ) -> AccountListPage.Row {
        AccountListPage.Row(
            name: name, isMachine: isMachine, roles: roles, isDisabled: isDisabled,
            hasPassword: !isMachine, awaitsPassword: awaitsPassword, created: ago(9_000_000),
            tokenCount: tokens, isOwn: isOwn)
    }

    static let knownRoles = ["admin", "agent", "editor", "operator", "reader"]
}
