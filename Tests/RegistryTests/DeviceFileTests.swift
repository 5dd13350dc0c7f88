import JSON
import Testing

@testable import Registry

@Suite("Device files")
struct DeviceFileTests {
    static let whole = """
        {
          "uid": "robot-1",
          "creation_date": "2026-01-31T12:00:00.123456Z",
          "address": "10.0.0.1",
          "public_ssh_key": "ssh-ed25519 AAAA",
          "grafana_dashboards": [
            "a",
            "b"
          ],
          "foxglove_dashboards": [],
          "prometheus_alert_rule_files": [],
          "loki_alert_rule_files": [],
          "kind": "network-device",
          "name": "Switch 1",
          "parent": "robot-0",
          "region": "halle",
          "annotations": {
            "shelf": 1.0
          },
          "craton": {
            "id": 7
          }
        }

        """

    static func device(_ text: String) throws -> Device {
        try Device(parsing: file(text), id: try id("robot-1"))
    }

    @Test("every member is read, and written back in the same place")
    func wholeFile() throws {
        let device = try Self.device(Self.whole)
        #expect(String(decoding: device.bytes(), as: UTF8.self) == Self.whole)
        #expect(device.creationDate == .sample && device.address == "10.0.0.1")
        #expect(device.grafanaDashboards.map(\.text) == ["a", "b"])
        #expect(device.kind == .networkDevice && device.name == "Switch 1")
        #expect(device.parent?.text == "robot-0" && device.region?.text == "halle")
        let pointers = device.references.map(\.pointer.description)
        #expect(
            pointers == ["/grafana_dashboards/0", "/grafana_dashboards/1", "/parent", "/region"])
    }

    @Test("what a file leaves out is the default, and stays left out")
    func defaults() throws {
        var device = try Self.device(
            #"{"address":"::FFFF:10.0.0.1","creation_date":"2026-01-31T12:00:00Z","uid":"robot-1"}"#
        )
        #expect(device.publicSSHKey.isEmpty && device.lokiAlertRuleFiles.isEmpty)
        #expect(device.kind == .host && device.name == "robot-1" && device.address == "10.0.0.1")
        device.setPublicSSHKey("k")
        #expect(
            String(decoding: device.bytes(), as: UTF8.self) == """
                {
                  "uid": "robot-1",
                  "creation_date": "2026-01-31T12:00:00Z",
                  "address": "::FFFF:10.0.0.1",
                  "public_ssh_key": "k"
                }

                """)
    }

    @Test("a list is read in one order, without repetitions")
    func lists() throws {
        let device = try Self.device(
            """
            {"uid":"robot-1","creation_date":"2026-01-31T12:00:00Z","address":"a",
             "grafana_dashboards":["b","é","a","b","e\u{301}"]}
            """)
        #expect(device.grafanaDashboards.map(\.text) == ["a", "b", "e\u{301}", "é"])
    }

    static let frame = #""uid":"robot-1","creation_date":"2026-01-31T12:00:00Z","address":"a""#

    @Test(
        "a broken rule is named with its place",
        arguments: [
            ("[]", ""), ("{}", ""), (#"{"uid":"robot-1"}"#, ""),
            (#"{"uid":"robot-2","creation_date":"2026-01-31T12:00:00Z","address":"a"}"#, "/uid"),
            (#"{"uid":"robot-1","creation_date":"today","address":"a"}"#, "/creation_date"),
            (
                #"{"uid":"robot-1","creation_date":"2026-01-31T12:00:00Z","address":"?"}"#,
                "/address"
            ),
            ("{\(frame),\"adress\":\"a\"}", "/adress"),
            ("{\(frame),\"public_ssh_key\":null}", "/public_ssh_key"),
            ("{\(frame),\"public_ssh_key\":\"a\\u0000\"}", "/public_ssh_key"),
            ("{\(frame),\"grafana_dashboards\":\"a\"}", "/grafana_dashboards"),
            ("{\(frame),\"grafana_dashboards\":[\"..\"]}", "/grafana_dashboards"),
            ("{\(frame),\"kind\":\"robot\"}", "/kind"), ("{\(frame),\"name\":\"\"}", "/name"),
            ("{\(frame),\"parent\":\".\"}", "/parent"), ("{\(frame),\"region\":1}", "/region"),
            ("{\(frame),\"craton\":[]}", "/craton"),
            (
                "{\(frame),\"annotations\":{\"a\":[\"-----BEGIN RSA PRIVATE KEY-----\"]}}",
                "/annotations/a/0"
            ),
            (
                "{\(frame),\"annotations\":{\"a\":\"-----BEGIN RSA \\u0050RIVATE KEY-----\"}}",
                "/annotations/a"
            ),
        ])
    func broken(text: String, pointer: String) throws {
        let error = #expect(throws: InvalidDocument.self) { try Self.device(text) }
        #expect(error?.pointer?.description == pointer)
    }

    @Test(
        "what is no JSON for documents is refused with its line",
        arguments: ["{\n\(frame),,}", "{\n\"uid\":1,\"uid\":1}", "{\n\"uid\":\"\\ud800\"}", "{\n"])
    func syntax(text: String) throws {
        let error = #expect(throws: InvalidDocument.self) { try Self.device(text) }
        #expect(error?.line == 2 && error?.rule == .syntax)
    }

    @Test(
        "a private key is found in any of its spellings",
        arguments: [
            "-----BEGIN PRIVATE KEY-----", "-----BEGIN RSA PRIVATE KEY-----",
            "-----BEGIN EC PRIVATE KEY-----", "-----BEGIN OPENSSH PRIVATE KEY-----",
            "-----BEGIN ENCRYPTED PRIVATE KEY-----", "-----BEGIN PGP PRIVATE KEY BLOCK-----",
            "x\n-----BEGIN CERTIFICATE-----\n-----BEGIN DSA PRIVATE KEY-----\n",
        ])
    func secrets(text: String) { #expect(Secret.isIn(text)) }

    @Test(
        "what is public is no secret",
        arguments: [
            "", "-----BEGIN PUBLIC KEY-----", "-----BEGIN CERTIFICATE-----", "PRIVATE KEY",
            "-----BEGIN ", "-----BEGIN CERTIFICATE-----\nPRIVATE KEY", "ssh-rsa AAAA",
        ])
    func noSecrets(text: String) { #expect(!Secret.isIn(text)) }
}

@Suite("Dashboard files")
struct DashboardFileTests {
    @Test(
        "a dashboard keeps its members' order and its numbers",
        arguments: [#"{"z":1.0,"a":1e-07,"n":123456789012345678901234567890,"e":{}}"#, "{}"])
    func kept(text: String) throws {
        let dashboard = try Dashboard(parsing: file(text))
        #expect(dashboard.value.description == text)
        #expect(try Dashboard(parsing: dashboard.bytes()).bytes() == dashboard.bytes())
    }

    @Test(
        "what others could not read is refused with its place",
        arguments: [
            ("[]", ""), ("1", ""), (#"{"a":[1,{"b":1e400}]}"#, "/a/1/b"), (#"{"a":-1e999}"#, "/a"),
            (#"{"k":"-----BEGIN PRIVATE KEY-----"}"#, "/k"),
        ])
    func refused(text: String, pointer: String) throws {
        let error = #expect(throws: InvalidDocument.self) { try Dashboard(parsing: file(text)) }
        #expect(error?.pointer?.description == pointer)
    }

    @Test(
        "lone surrogates are refused in values and in names",
        arguments: [#"{"a":["\ud800"]}"#, #"{"\udfff":1}"#])
    func surrogates(text: String) throws {
        #expect(throws: InvalidDocument.self) { try Dashboard(parsing: file(text)) }
        #expect(throws: InvalidDocument.self) { try Dashboard(try json(text)) }
    }

    @Test(
        "the real dashboards are accepted", .enabled(if: SharedData.isThere, SharedData.condition),
        arguments: ["grafana_dashboards", "foxglove_dashboards"])
    func realFiles(folder: String) throws {
        for (name, bytes) in try SharedData.files(in: folder) {
            let dashboard = try Dashboard(parsing: bytes)
            #expect(try Dashboard(parsing: dashboard.bytes()).value == dashboard.value, "\(name)")
        }
    }
}
