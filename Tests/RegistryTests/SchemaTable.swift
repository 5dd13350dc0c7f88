import JSON

/// Documents of every kind, each with whether it is valid.
enum SchemaTable {
    struct Row: CustomStringConvertible {
        let schema: String
        let isValid: Bool
        let text: String

        var description: String { "\(schema): \(text)" }
    }

    static let rows: [Row] =
        rows("device", valid: validDevices, invalid: invalidDevices)
        + rows("grafana_dashboard", valid: validDashboards, invalid: invalidDashboards)
        + rows("foxglove_dashboard", valid: validDashboards, invalid: invalidDashboards)
        + rows("certificate", valid: validCertificates, invalid: invalidCertificates)
        + rows("rule_file", valid: validRules, invalid: invalidRules)
        + rows("registry", valid: validSettings, invalid: invalidSettings)
        + cratonRows + policyRows

    static func rows(_ schema: String, valid: [String], invalid: [String]) -> [Row] {
        valid.map { Row(schema: schema, isValid: true, text: $0) }
            + invalid.map { Row(schema: schema, isValid: false, text: $0) }
    }

    private static let key = "-----BEGIN RSA PRIVATE KEY-----"

    private static func device(_ more: String, address: String = "10.0.0.1") -> String {
        #"{"uid":"robot-1","creation_date":"2026-01-31T12:00:00Z","address":"\#(address)"\#(more)}"#
    }

    private static func date(_ text: String) -> String {
        #"{"uid":"robot-1","creation_date":"\#(text)","address":"a"}"#
    }

    private static let validDevices =
        [
            device(""), device(#","public_ssh_key":"""#), device(#","public_ssh_key":"k\nl""#),
            device(#","grafana_dashboards":[]"#), device(#","grafana_dashboards":["a","a/b","é"]"#),
            device(#","foxglove_dashboards":["a","a"]"#),
            device(#","loki_alert_rule_files":["x"]"#),
            device(#","prometheus_alert_rule_files":["x y"]"#), device(#","kind":"host""#),
            device(#","kind":"network-device""#), device(#","kind":"device""#),
            device(#","name":"Robot 1""#), device(#","parent":"p","region":"r""#),
            device(#","annotations":{"a":[1,{"b":null}],"":true}"#), device(#","craton":{"id":1}"#),
            device(#","opengnsys":{},"drydock":{},"gros":{}"#),
        ]
        + [
            "0.0.0.0", "255.255.255.255", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "2001:DB8::1",
            "1:2:3:4:5:6::8", "1::3:4:5:6:7:8", "::2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
            "64:ff9b::1.2.3.4", "::ffff:1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5::1.2.3.4",
            "fe80::1%eth0", "localhost", "robot-7.fleet.example.com", "7.robots", "a--b", "A",
            String(repeating: "a", count: 63) + ".local",
        ].map { device("", address: $0) }
        + [
            "2026-01-31T12:00:00.123456Z", "2026-01-31t12:00:00z", "2026-01-31 12:00:00+02:00",
            "2024-02-29T23:59:60.123456789-23:59", "0001-01-01T00:00:00Z",
        ].map(date)

    private static let invalidDevices =
        [
            "{}", "[]", #"{"uid":"robot-1","address":"a"}"#,
            #"{"uid":"robot-1","creation_date":"2026-01-31T12:00:00Z"}"#,
            #"{"creation_date":"2026-01-31T12:00:00Z","address":"a"}"#,
            #"{"uid":1,"creation_date":"2026-01-31T12:00:00Z","address":"a"}"#,
            #"{"uid":"","creation_date":"2026-01-31T12:00:00Z","address":"a"}"#,
            #"{"uid":"..","creation_date":"2026-01-31T12:00:00Z","address":"a"}"#,
            #"{"uid":"a\n","creation_date":"2026-01-31T12:00:00Z","address":"a"}"#,
            device(#","adress":"a""#), device(#","certificate":null"#),
            device(#","public_ssh_key":null"#), device(#","public_ssh_key":"a\u0000""#),
            device(#","public_ssh_key":"\#(key)""#), device(#","grafana_dashboards":"a""#),
            device(#","grafana_dashboards":[1]"#), device(#","grafana_dashboards":[""]"#),
            device(#","grafana_dashboards":["."]"#), device(#","loki_alert_rule_files":null"#),
            device(#","foxglove_dashboards":["a\u007f"]"#), device(#","kind":"robot""#),
            device(#","kind":null"#), device(#","name":"""#), device(#","name":1"#),
            device(#","parent":"..""#), device(#","region":null"#), device(#","annotations":[]"#),
            device(#","annotations":{"a":["\#(key)"]}"#), device(#","craton":{"\#(key)":1}"#),
            device(#","gros":1"#),
            device(#","grafana_dashboards":["\#(String(repeating: "a", count: 201))"]"#),
        ]
        + [
            "", " 10.0.0.1", "10.0.0.1 ", "10.0.0", "256.1.1.1", "01.2.3.4", "1.2.3.4:80",
            "1.2.3.4/24", "[::1]", ":::", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9",
            "12345::",
            "::g", "::1%", "1.2.3.4::", "::1.2.3", "robot_1", "-a", "a-", "a..b", "a.", ".a", "a.1",
            "1", "é", String(repeating: "a", count: 64), "a\\nb",
        ].map { device("", address: $0) }
        + [
            "2026-01-31", "2026-01-31T12:00:00", "2026-13-01T00:00:00Z", "2026-04-31T00:00:00Z",
            "2026-02-30T00:00:00Z", "2026-01-31T24:00:00Z", "2026-01-31T12:00:00.Z", "now",
            "0000-01-01T00:00:00Z", "2026-01-31T12:00:00+0200", "2026-01-31T12:00:00.1234567890Z",
        ].map(date)

    private static let validDashboards = [
        "{}", #"{"uid":null,"title":"t","panels":[{"a":[1.5,-2e10,null,true]}]}"#,
        #"{"n":123456789012345678901234567890123456789012345678901234567890}"#,
        #"{"n":1.7976931348623157e308,"m":1e-400}"#, #"{"":"","é":"🤖","a":"PRIVATE KEY"}"#,
        #"{"k":"-----BEGIN PUBLIC KEY-----"}"#,
        #"{"k":"-----BEGIN CERTIFICATE-----\nPRIVATE KEY"}"#,
    ]

    private static let invalidDashboards = [
        "[]", "null", "1", #""{}""#, "true", #"{"a":1e400}"#, #"{"a":[{"b":-1e999}]}"#,
        #"{"a":"x\#(key)"}"#, #"{"\#(key)":1}"#, #"{"a":[["\#(key)"]]}"#,
    ]

    private static func certificate(_ changes: KeyValuePairs<JSONString, JSONValue?>) -> String {
        String(decoding: CertificateFileTests.text(changes), as: UTF8.self)
    }

    private static let validCertificates = [
        certificate([:]), certificate(["status": "signed", "certificate": "C", "ca": "A"]),
        certificate(["status": "denied", "chain": ""]),
        certificate(["csr": .text("x\n" + SampleRequests.p256 + "\ny")]),
        certificate(["csr": .text(SampleRequests.newLabel)]),
        certificate(["updated_at": "2026-01-31T12:00:00.5+01:00"]),
    ]

    private static let invalidCertificates = [
        "{}", certificate(["csr": nil]), certificate(["csr": ""]), certificate(["csr": 5]),
        certificate(["csr": .text(CertificateRequestTests.framed("!!!!"))]),
        certificate(["csr": .text(CertificateRequestTests.framed("AAAA", "CERTIFICATE"))]),
        certificate(["status": nil]), certificate(["status": "SIGNED"]),
        certificate(["certificate": .null]), certificate(["ca": .text("a\u{0}")]),
        certificate(["chain": .text(key)]), certificate(["created_at": "today"]),
        certificate(["updated_at": nil]), certificate(["private_key": "x"]),
        certificate(["uid": "a"]),
    ]

    // JSON is YAML, so one text serves both readers.
    private static let validRules = [
        "{}", #"{"groups":[]}"#, #"{"groups":[{"name":"a","rules":[{"expr":"up == 0"}]}]}"#,
        #"{"a":"%%juju_device_uuid%%"}"#, #"{"%% juju_device_uuid %%":1}"#,
        #"{"a":"100%% of 50%%"}"#,
        #"{"a":"a %% b","b":"%%"}"#, #"{"a":"{{ $labels.instance }}"}"#,
    ]

    private static let invalidRules = [
        "[]", "1", #""a""#, "null", #"{"a":"%%nope%%"}"#, #"{"a":[{"b":"x%% nope\n%%"}]}"#,
        #"{"%%nope%%":1}"#, #"{"groups":["%%nope%%"]}"#, #"{"a":"%%juju_device_uuid%% %%x%%"}"#,
        #"{"a":"\#(key)"}"#, #"{"a":"%%juju_device_uuids%%"}"#,
    ]

    private static let validSettings = [
        #"{"format_version":1}"#, #"{"format_version":1,"served_branch":"release/2.0"}"#,
        #"{"format_version":1,"fan_out":{}}"#,
        #"{"format_version":1,"fan_out":{"devices":2,"loki_alert_rules":0,"certificates":4}}"#,
        #"{"format_version":1,"default_region":null}"#,
        #"{"format_version":1,"default_region":"halle 2"}"#,
        #"{"format_version":1,"annotations":{"owner":["ops"]}}"#,
        #"{"format_version":1,"upstream":null}"#,
        #"{"format_version":1,"upstream":{"url":"https://git.example.org/fleet/registry.git"}}"#,
        #"{"format_version":1,"upstream":{"url":"http://[::1]:8080/r","interval_seconds":5}}"#,
        #"{"format_version":1,"upstream":{"url":"ssh://git@host:2222/r.git"}}"#,
        #"{"format_version":1,"upstream":{"url":"git@host:fleet/registry.git"}}"#,
    ]

    private static let invalidSettings = [
        "{}", "[]", #"{"format_version":2}"#, #"{"format_version":"1"}"#,
        #"{"format_version":1,"served_branch":""}"#, #"{"format_version":1,"served_branch":"a b"}"#,
        #"{"format_version":1,"served_branch":"-a"}"#,
        #"{"format_version":1,"served_branch":"a..b"}"#,
        #"{"format_version":1,"served_branch":"a.lock"}"#,
        #"{"format_version":1,"served_branch":"a~1"}"#,
        #"{"format_version":1,"served_branch":"a/"}"#, #"{"format_version":1,"served_branch":"@"}"#,
        #"{"format_version":1,"served_branch":"a\n"}"#,
        #"{"format_version":1,"served_branch":null}"#,
        #"{"format_version":1,"fan_out":{"devices":5}}"#,
        #"{"format_version":1,"fan_out":{"x":1}}"#,
        #"{"format_version":1,"fan_out":{"devices":-1}}"#, #"{"format_version":1,"fan_out":[]}"#,
        #"{"format_version":1,"default_region":""}"#, #"{"format_version":1,"annotations":1}"#,
        #"{"format_version":1,"fanout":{}}"#,
        #"{"format_version":1,"upstream":"https://host/r"}"#,
        #"{"format_version":1,"upstream":{}}"#,
        #"{"format_version":1,"upstream":{"url":"https://host/r","branch":"x"}}"#,
        #"{"format_version":1,"upstream":{"url":"https://host/r","interval_seconds":4}}"#,
        #"{"format_version":1,"upstream":{"url":"https://user:word@host/r"}}"#,
        #"{"format_version":1,"upstream":{"url":"https://token@host/r"}}"#,
        #"{"format_version":1,"upstream":{"url":"ssh://git:word@host/r"}}"#,
        #"{"format_version":1,"upstream":{"url":"/srv/git/r.git"}}"#,
        #"{"format_version":1,"upstream":{"url":"file:///srv/git/r.git"}}"#,
        #"{"format_version":1,"upstream":{"url":"ext::sh -c x"}}"#,
        #"{"format_version":1,"upstream":{"url":"ssh://-oProxyCommand=x/r"}}"#,
        #"{"format_version":1,"upstream":{"url":"-oProxyCommand=x:r"}}"#,
        #"{"format_version":1,"upstream":{"url":"https://"}}"#,
        #"{"format_version":1,"upstream":{"url":""}}"#,
        #"{"format_version":1,"annotations":{"k":"\#(key)"}}"#,
    ]
}
