import JSON
import Testing

@testable import Registry

@Suite("Registering and changing a device")
struct DeviceWriteTests {
    static let wholeBody =
        #"{"uid":"r","address":"10.0.0.1","public_ssh_key":"k","grafana_dashboards":["b","a","b"]}"#

    static func registry() throws -> MemoryRegistry {
        var registry = MemoryRegistry()
        for uid in ["a", "b"] {
            try registry.dashboard(.create, #"{"uid":"\#(uid)","dashboard":{}}"#)
        }
        try registry.device(.create, wholeBody)
        return registry
    }

    static let robot = DocumentID("r").map { CosMode.patch($0) } ?? .create

    static func errors(_ outcome: CosOutcome) -> String? {
        if case .fieldErrors(let errors) = outcome { errors.value.description } else { nil }
    }

    @Test("a registered device is one file and one commit")
    func register() throws {
        let registry = try Self.registry()
        let key = DocumentKey(.devices, try id("r"))
        #expect(registry.subjects.last == "devices/r: register")
        let text = String(decoding: try #require(registry.snapshot[key]?.bytes), as: UTF8.self)
        #expect(
            text == """
                {
                  "uid": "r",
                  "creation_date": "2026-01-31T12:00:00.123456Z",
                  "address": "10.0.0.1",
                  "public_ssh_key": "k",
                  "grafana_dashboards": [
                    "a",
                    "b"
                  ],
                  "foxglove_dashboards": [],
                  "prometheus_alert_rule_files": [],
                  "loki_alert_rule_files": []
                }

                """)
        #expect(registry.snapshot.problems.isEmpty)
    }

    @Test(
        "every wrong member is named at once, in the words of the contract",
        arguments: [
            ("{}", #"{"uid":["This field is required."],"address":["This field is required."]}"#),
            (
                #"{"uid":null,"address":null}"#,
                #"{"uid":["This field may not be null."],"address":["This field may not be null."]}"#
            ),
            (
                #"{"uid":" \u00a0\u2003\u001c","address":" "}"#,
                #"{"uid":["This field may not be blank."],"address":["This field may not be blank."]}"#
            ),
            (
                #"{"uid":{},"address":{}}"#,
                #"{"uid":["Not a valid string."],"address":["Enter a valid IPv4 or IPv6 address."]}"#
            ),
            (#"{"uid":"a\u0000","address":"a"}"#, #"{"uid":["Null characters are not allowed."]}"#),
            (
                #"{"uid":"\ud800","address":"\ud800"}"#,
                #"{"uid":["Surrogate characters are not allowed: U+D800."],"address":["Enter a valid IPv4 or IPv6 address."]}"#
            ),
            (#"{"uid":"a\nb","address":"a"}"#, #"{"uid":["Control characters are not allowed."]}"#),
            (#"{"uid":" .. ","address":"a"}"#, #"{"uid":["This uid cannot be used in a URL."]}"#),
            (
                #"{"uid":"x","address":"a","public_ssh_key":"-----BEGIN OPENSSH PRIVATE KEY-----"}"#,
                #"{"public_ssh_key":["A private key must not be stored in the registry."]}"#
            ),
            (
                #"{"uid":"r","address":"?"}"#,
                #"{"uid":["device with this uid already exists."],"address":["Enter a valid IPv4 or IPv6 address."]}"#
            ),
            (
                #"{"uid":"x","address":"a","grafana_dashboards":{},"loki_alert_rule_files":1.5}"#,
                #"{"grafana_dashboards":["Expected a list of items but got type \"dict\"."],"loki_alert_rule_files":["Expected a list of items but got type \"float\"."]}"#
            ),
            (
                #"{"uid":"x","address":"a","grafana_dashboards":["a","n","m"],"foxglove_dashboards":["a"]}"#,
                #"{"grafana_dashboards":["Object with uid=n does not exist."],"foxglove_dashboards":["Object with uid=a does not exist."]}"#
            ),
            (
                #"{"uid":"x","address":"a","grafana_dashboards":[true],"foxglove_dashboards":[null],"loki_alert_rule_files":[""]}"#,
                #"{"grafana_dashboards":["Object with uid=True does not exist."],"foxglove_dashboards":["Object with uid=None does not exist."],"loki_alert_rule_files":["Object with uid= does not exist."]}"#
            ),
            ("null", #"{"non_field_errors":["No data provided"]}"#),
            (
                "[1]",
                #"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#
            ),
            (
                "1.5",
                #"{"non_field_errors":["Invalid data. Expected a dictionary, but got float."]}"#
            ),
            (
                "true",
                #"{"non_field_errors":["Invalid data. Expected a dictionary, but got bool."]}"#
            ),
        ])
    func wrong(body: String, errors: String) throws {
        var registry = try Self.registry()
        let before = registry.subjects
        #expect(Self.errors(try registry.device(.create, body)) == errors)
        #expect(registry.subjects == before && registry.snapshot.count(of: .devices) == 1)
    }

    @Test("a uid has at most 200 characters, which need not be bytes")
    func lengths() throws {
        var registry = MemoryRegistry()
        for (count, isAccepted) in [(200, true), (201, false)] {
            let uid = String(repeating: "🤖", count: count)
            let outcome = try registry.device(.create, #"{"uid":"\#(uid)","address":"a"}"#)
            #expect((Self.errors(outcome) == nil) == isAccepted)
        }
    }

    @Test("an existing uid alone is a duplicate")
    func duplicate() throws {
        var registry = try Self.registry()
        #expect(
            try registry.device(.create, #"{"uid":" r ","address":"a"}"#) == .duplicate(.device))
        // No normalisation: two uids whose text only looks the same.
        try registry.device(.create, #"{"uid":"é","address":"a"}"#)
        let other = try registry.device(.create, #"{"uid":"e\u0301","address":"a"}"#)
        #expect(other == .done(.init(.devices, try id("e\u{301}"))))
    }

    @Test(
        "a write that changes nothing makes no commit",
        arguments: [
            "{}", wholeBody, #"{"address":" 10.0.0.1 "}"#, #"{"grafana_dashboards":["b","a"]}"#,
            #"{"creation_date":"1999-01-01T00:00:00Z","certificate":{"csr":"x"},"nope":1}"#,
        ])
    func unchanged(body: String) throws {
        var registry = try Self.registry()
        let before = registry.subjects
        #expect(try registry.device(Self.robot, body) == .done(.init(.devices, try id("r"))))
        #expect(registry.subjects == before)
    }

    @Test("PATCH changes what it names, PUT demands uid and address and keeps the rest")
    func change() throws {
        var registry = try Self.registry()
        try registry.device(Self.robot, #"{"address":"::ffff:1.2.3.4","grafana_dashboards":[]}"#)
        #expect(registry.subjects.last == "devices/r: change")
        let device = try #require(registry.snapshot.device(id("r")))
        #expect(device.address == "1.2.3.4" && device.grafanaDashboards.isEmpty)
        #expect(device.publicSSHKey == "k" && device.creationDate == .sample)
        let put = CosMode.replace(try id("r"))
        #expect(Self.errors(try registry.device(put, "{}"))?.contains("address") == true)
        try registry.device(put, #"{"uid":"r","address":"b","public_ssh_key":""}"#)
        #expect(registry.subjects.last == "devices/r: replace")
        #expect(registry.snapshot.device(try id("r"))?.publicSSHKey.isEmpty == true)
    }

    @Test("an unknown device is unknown whatever the body says")
    func unknown() throws {
        var registry = MemoryRegistry()
        let unknown = CosOutcome.notFound(detail: "No Device matches the given query.")
        #expect(try registry.device(Self.robot, "[]") == unknown)
        #expect(try registry.remove(.device, id("r")) == unknown)
    }

    @Test("a rename is one commit that takes certificate and references along")
    func rename() throws {
        var registry = try Self.registry()
        let key = DocumentKey(.devices, try id("r"))
        registry.snapshot.put(
            path: "devices/child.json",
            bytes: SnapshotTests.device("child", "2026-01-31T12:00:00Z", #","parent":"r""#))
        try submit(&registry, key.id)
        let csr = registry.snapshot.certificate(key.id)?.csr
        #expect(
            try registry.device(Self.robot, #"{"uid":"b/ä"}"#) == .done(.init(.devices, id("b/ä"))))
        #expect(registry.subjects.last == "devices/r: rename to b/ä")
        #expect(registry.snapshot[key] == nil && registry.snapshot.certificate(key.id) == nil)
        let renamed = try id("b/ä")
        #expect(registry.snapshot.certificate(renamed)?.csr == csr)
        #expect(registry.snapshot.device(renamed)?.creationDate == .sample)
        #expect(registry.snapshot.device(try id("child"))?.parent == renamed)
        #expect(registry.snapshot.problems.isEmpty)
        let taken = try registry.device(.patch(renamed), #"{"uid":"child"}"#)
        #expect(Self.errors(taken) == #"{"uid":["device with this uid already exists."]}"#)
    }

    @Test("a removed device takes its certificate along, and its successor has none")
    func remove() throws {
        var registry = try Self.registry()
        let robot = try id("r")
        try submit(&registry, robot)
        let orphan = try #require(registry.snapshot[.init(.certificates, robot)]?.bytes)
        #expect(registry.remove(.device, robot) == .removed)
        #expect(registry.snapshot.certificate(robot) == nil)
        registry.snapshot.put(path: "certificates/r.json", bytes: orphan)
        #expect(registry.snapshot.problems.map(\.rule) == [.reference])
        try registry.device(.create, Self.wholeBody)
        #expect(registry.snapshot.certificate(robot) == nil && registry.snapshot.problems.isEmpty)
    }

    @Test(
        "entries that name nothing are not shown, and sending back what was shown changes nothing")
    func danglingEntries() throws {
        var registry = try Self.registry()
        registry.snapshot.remove(path: "grafana_dashboards/a.json")
        let before = registry.subjects
        let shown = try registry.rendered(id("r"))
        #expect(shown.contains(#""grafana_dashboards":["b"]"#))
        try registry.device(Self.robot, shown)
        #expect(registry.subjects == before)
        try registry.device(Self.robot, #"{"grafana_dashboards":["b"],"address":"c"}"#)
        #expect(registry.snapshot.problems.count == 1)
        try registry.device(Self.robot, #"{"grafana_dashboards":[]}"#)
        #expect(registry.snapshot.problems.isEmpty)
    }

    @Test("a change of a broken file repairs it, even when nothing else changes")
    func repair() throws {
        var registry = try Self.registry()
        registry.snapshot.put(path: "devices/r.json", bytes: file("{"))
        try registry.device(Self.robot, "{}")
        #expect(registry.subjects.last == "devices/r: change")
        #expect(registry.snapshot.problems.isEmpty)
    }

    @Test("members of other dialects and of people stay as they are")
    func otherMembers() throws {
        var registry = MemoryRegistry()
        let more = #","gros":{"id":1.0},"annotations":{"z":1,"a":2},"name":"N""#
        registry.snapshot.put(
            path: "devices/x/r.json", bytes: SnapshotTests.device("r", "2026-01-31T12:00:00Z", more)
        )
        try registry.device(Self.robot, #"{"address":"c"}"#)
        let stored = try #require(registry.snapshot[.init(.devices, id("r"))])
        #expect(stored.path == "devices/x/r.json")
        let compact = try JSONValue(parsing: stored.bytes, options: .document).description
        #expect(
            compact
                == #"{"uid":"r","creation_date":"2026-01-31T12:00:00Z","address":"c","name":"N","#
                + #""annotations":{"z":1,"a":2},"gros":{"id":1.0}}"#)
    }

    @Test("a device that registers is in the default region")
    func defaultRegion() throws {
        var registry = MemoryRegistry()
        registry.snapshot.put(
            path: "registry.json", bytes: file(#"{"format_version":1,"default_region":"halle"}"#))
        try registry.device(
            .create, Self.wholeBody.replacing(#","grafana_dashboards":["b","a","b"]"#, with: ""))
        #expect(registry.snapshot.device(try id("r"))?.region?.text == "halle")
    }

    private func submit(_ registry: inout MemoryRegistry, _ device: DocumentID) throws {
        let body: JSONValue = ["csr": .text(SampleRequests.ed25519)]
        let submission = CertificateSubmission(parsing: body, device: device)
        #expect(
            registry.apply(submission.decide(on: registry.snapshot, now: .sample))
                == .done(.init(.certificates, device)))
    }
}
