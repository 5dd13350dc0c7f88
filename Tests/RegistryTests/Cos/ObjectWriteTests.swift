import JSON
import Testing

@testable import Registry

@Suite("Dashboards and rule files through the COS API")
struct ObjectWriteTests {
    static func errors(_ outcome: CosOutcome) -> String? { DeviceWriteTests.errors(outcome) }

    @Test(
        "a dashboard is an object, or a string that holds one",
        arguments: [
            (#"{"z":1.0,"a":{}}"#, "{\n  \"z\": 1.0,\n  \"a\": {}\n}\n"),
            (#""{\"k\": [1, 2.5]}""#, "{\n  \"k\": [\n    1,\n    2.5\n  ]\n}\n"),
            (#""{\"a\":1,\"a\":2}""#, "{\n  \"a\": 2\n}\n"),
        ])
    func dashboards(value: String, text: String) throws {
        var registry = MemoryRegistry()
        try registry.dashboard(.create, #"{"uid":"d","dashboard":\#(value)}"#)
        #expect(registry.subjects == ["grafana_dashboards/d: create"])
        let bytes = registry.snapshot[.init(.grafanaDashboards, try id("d"))]?.bytes
        #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == text)
    }

    @Test(
        "what is no dashboard is refused in the words of the contract",
        arguments: [
            ("null", "This field may not be null."),
            ("5", "Dashboard is not a supported format (dict)."),
            ("[1]", "Dashboard is not a supported format (dict)."),
            (#""""#, "Failed to load dashboard as json."),
            (#""{""#, "Failed to load dashboard as json."),
            (#""null""#, "Dashboard is not a supported format (dict)."),
            (#""\ud800""#, "Failed to load dashboard as json."),
            (#"{"a":1e400}"#, "The number 1e400 is too large."),
            (#"{"a":["\udc00"]}"#, "Surrogate characters are not allowed: U+DC00."),
            (#""{\"a\":\"\\ud800\"}""#, "Surrogate characters are not allowed: U+D800."),
            (
                #"{"a":"-----BEGIN PRIVATE KEY-----"}"#,
                "A private key must not be stored in the registry."
            ),
        ])
    func noDashboard(value: String, message: String) throws {
        var registry = MemoryRegistry()
        let body = #"{"uid":"d","dashboard":\#(value)}"#
        let expected = FieldErrors("dashboard", message)
        #expect(try registry.dashboard(.create, body) == .fieldErrors(expected))
    }

    @Test("the uid of a body is judged and never renames", arguments: CosModel.allCases.dropFirst())
    func uids(model: CosModel) throws {
        var registry = MemoryRegistry()
        let member: (name: JSONString, value: JSONValue) =
            [.grafanaDashboard, .foxgloveDashboard].contains(model)
            ? ("dashboard", [:]) : ("rules", "a: 1")
        func write(_ mode: CosMode, _ members: JSONObject) -> CosOutcome {
            member.name == "rules"
                ? registry.apply(
                    RuleFileWrite(parsing: .object(members), model: model, mode: mode)
                        .decide(on: registry.snapshot))
                : registry.apply(
                    DashboardWrite(parsing: .object(members), model: model, mode: mode)
                        .decide(on: registry.snapshot))
        }
        let (x, y) = (
            DocumentKey(model.collection, try id("x")), DocumentKey(model.collection, try id("y"))
        )
        #expect(write(.create, ["uid": " x", member.name: member.value]) == .done(x))
        #expect(write(.create, ["uid": "y", member.name: member.value]) == .done(y))
        #expect(write(.create, ["uid": "x", member.name: member.value]) == .duplicate(model))
        #expect(write(.create, ["uid": "x", member.name: .null]) != .duplicate(model))
        #expect(write(.patch(x.id), ["uid": "other"]) == .done(x))
        #expect(write(.patch(x.id), ["uid": "x"]) == .done(x))
        let taken = write(.patch(x.id), ["uid": "y"])
        #expect(Self.errors(taken)?.hasSuffix("with this uid already exists.\"]}") == true)
        #expect(Self.errors(write(.replace(x.id), [:]))?.contains("\"uid\"") == true)
        #expect(write(.replace(x.id), ["uid": "z", member.name: member.value]) == .done(x))
        let unknown = CosOutcome.notFound(detail: "No \(model.name) matches the given query.")
        #expect(write(.patch(try id("z")), [:]) == unknown)
        #expect(registry.subjects.count == 2)
    }

    @Test("a change is one commit, the same content none")
    func changes() throws {
        var registry = MemoryRegistry()
        try registry.dashboard(.create, #"{"uid":"d","dashboard":{"a":1,"b":2}}"#)
        let patch = CosMode.patch(try id("d"))
        try registry.dashboard(patch, #"{"dashboard":"{\"a\": 1, \"b\": 2}"}"#)
        try registry.dashboard(patch, "{}")
        #expect(registry.subjects.count == 1)
        try registry.dashboard(patch, #"{"dashboard":{"b":2,"a":1}}"#)
        try registry.dashboard(.replace(try id("d")), #"{"uid":"d","dashboard":{"b":2.0,"a":1}}"#)
        #expect(
            registry.subjects.dropFirst() == [
                "grafana_dashboards/d: change", "grafana_dashboards/d: replace",
            ])
    }

    @Test(
        "what is no rule file is refused in the words of the contract",
        arguments: [
            ("- a", "Failed to load alert rule as a yaml: YAML safe load must be a dictionary"),
            (" \n", "This field may not be blank."), (.null, "This field may not be null."),
            (["a"], "Not a valid string."), (true, "Not a valid string."),
            (5, "Failed to load alert rule as a yaml: YAML safe load must be a dictionary"),
            ("a: \"%%nope%%\"", "Unknown template variable: nope."),
            ("a: \u{0}", "Null characters are not allowed."),
        ] as [(JSONValue, String)])
    func noRules(rules: JSONValue, message: String) {
        var registry = MemoryRegistry()
        let outcome = registry.rules(.create, ["uid": "p", "rules": rules])
        #expect(outcome == .fieldErrors(FieldErrors("rules", message)))
        let broken = registry.rules(.create, ["uid": "p", "rules": "a: ["])
        #expect(Self.errors(broken)?.contains("Failed to load alert rule as a yaml: while") == true)
    }

    @Test("removing what devices list takes it out of all of them, in one commit")
    func cascade() throws {
        var registry = MemoryRegistry()
        try registry.dashboard(.create, #"{"uid":"d","dashboard":{}}"#)
        try registry.dashboard(.create, #"{"uid":"d","dashboard":{}}"#, .foxgloveDashboard)
        registry.rules(.create, ["uid": "d", "rules": "a: 1"])
        for number in 0..<20 {
            try registry.device(
                .create,
                #"{"uid":"r\#(number)","address":"a","grafana_dashboards":["d"],"#
                    + #""foxglove_dashboards":["d"],"prometheus_alert_rule_files":["d"]}"#)
        }
        let before = registry.subjects.count
        #expect(try registry.remove(.grafanaDashboard, id("d")) == .removed)
        #expect(registry.subjects.count == before + 1)
        #expect(registry.subjects.last == "grafana_dashboards/d: remove")
        let devices = registry.snapshot.all(in: .devices).compactMap { $0.content as? Device }
        #expect(devices.count == 20 && devices.allSatisfy { $0.grafanaDashboards.isEmpty })
        #expect(devices.allSatisfy { $0.foxgloveDashboards.count == 1 })
        #expect(registry.snapshot.problems.isEmpty)
    }

    @Test("a removal that is decided once more takes what has changed meanwhile as it is then")
    func decidedAgain() throws {
        var registry = MemoryRegistry()
        for uid in ["d", "e"] {
            try registry.dashboard(.create, #"{"uid":"\#(uid)","dashboard":{}}"#)
        }
        for uid in ["same", "moved", "freed", "gone"] {
            try registry.device(
                .create, #"{"uid":"\#(uid)","address":"a","grafana_dashboards":["d"]}"#)
        }
        let removal = CosRemoval(.grafanaDashboard, try id("d"))
        #expect(removal.decide(on: registry.snapshot).changes.count == 5)
        try registry.device(.patch(id("moved")), #"{"address":"b","grafana_dashboards":[]}"#)
        try registry.device(.patch(id("freed")), #"{"grafana_dashboards":["e"]}"#)
        registry.remove(.device, try id("gone"))
        try registry.device(
            .create, #"{"uid":"new","address":"a","grafana_dashboards":["d","e"]}"#)
        #expect(registry.apply(removal.decide(on: registry.snapshot)) == .removed)
        let lists = registry.snapshot.all(in: .devices).compactMap { $0.content as? Device }
            .map { "\($0.uid) \($0.address) \($0.grafanaDashboards)" }
        #expect(lists.sorted() == ["freed a [e]", "moved b []", "new a [e]", "same a []"])
        #expect(registry.snapshot.problems.isEmpty)
    }
}

@Suite("Certificates through the COS API")
struct CertificateWriteTests {
    static func registry() throws -> MemoryRegistry {
        var registry = MemoryRegistry()
        try registry.device(.create, #"{"uid":"r","address":"a"}"#)
        return registry
    }

    static func submit(
        _ body: JSONValue, _ registry: inout MemoryRegistry, now: Timestamp = .sample
    ) throws -> CosOutcome {
        let submission = CertificateSubmission(parsing: body, device: try id("r"))
        return registry.apply(submission.decide(on: registry.snapshot, now: now))
    }

    static func update(
        _ body: String, _ registry: inout MemoryRegistry, now: Timestamp = .sample
    ) throws -> CosOutcome {
        let update = CertificateUpdate(parsing: try json(body), device: try id("r"))
        return registry.apply(update.decide(on: registry.snapshot, now: now))
    }

    static let request: JSONValue = ["csr": .text(" \(SampleRequests.p256)\n"), "status": "signed"]

    @Test("a request is pending, and may be repeated in any state")
    func submission() throws {
        var registry = try Self.registry()
        let key = DocumentKey(.certificates, try id("r"))
        #expect(try Self.submit(Self.request, &registry) == .done(key))
        #expect(registry.subjects.last == "certificates/r: request")
        let signed = #"{"status":"signed","certificate":"C","ca":"A","chain":"B"}"#
        #expect(try Self.update(signed, &registry, now: .sample.later(bySeconds: 1)) == .done(key))
        #expect(registry.subjects.last == "certificates/r: sign")
        _ = try Self.submit(Self.request, &registry, now: .sample.later(bySeconds: -9))
        let certificate = try #require(registry.snapshot.certificate(key.id))
        #expect(certificate.csr == SampleRequests.p256 && certificate.status == .pending)
        #expect(certificate.certificate + certificate.ca + certificate.chain == "")
        #expect(certificate.createdAt == .sample)
        #expect(certificate.updatedAt > .sample.later(bySeconds: 1))
    }

    @Test(
        "a request that is none is refused",
        arguments: [
            ("{}", "This field is required."), (#"{"csr":""}"#, "This field may not be blank."),
            (#"{"csr":null}"#, "This field may not be null."),
            (#"{"csr":[]}"#, "Not a valid string."),
            (#"{"csr":"x"}"#, "Invalid CSR format: there is no PEM block CERTIFICATE REQUEST"),
            (#"{"csr":"a\u0000"}"#, "Null characters are not allowed."),
            (
                #"{"csr":"-----BEGIN PRIVATE KEY-----"}"#,
                "A private key must not be stored in the registry."
            ),
        ])
    func refusedSubmission(body: String, message: String) throws {
        var registry = try Self.registry()
        let outcome = try Self.submit(try json(body), &registry)
        #expect(outcome == .fieldErrors(FieldErrors("csr", message)))
    }

    @Test(
        "the rules about the status are checked in their order",
        arguments: [
            (#"{"certificate":"C"}"#, "Status must be provided when updating certificate"),
            (
                #"{"certificate":"C","status":null}"#,
                "Status must be provided when updating certificate"
            ),
            (#"{"certificate":"C","status":"nope"}"#, "Invalid status value"),
            (#"{"status":"SIGNED"}"#, "Invalid status value"),
            (#"{"status":5}"#, "Invalid status value"),
            (#"{"status":["signed"]}"#, "Invalid status value"),
            (
                #"{"certificate":"C","status":"pending"}"#,
                "Status must be signed or denied when providing certificate"
            ),
        ])
    func statusRules(body: String, message: String) throws {
        var registry = try Self.registry()
        _ = try Self.submit(Self.request, &registry)
        #expect(try Self.update(body, &registry) == .messages([message]))
    }

    @Test(
        "members that are no text are refused",
        arguments: [
            (#"{"ca":null}"#, #"{"ca":["This field may not be null."]}"#),
            (#"{"chain":[]}"#, #"{"chain":["Not a valid string."]}"#),
            (#"{"chain":5}"#, #"{"chain":["Not a valid string."]}"#),
            (
                #"{"chain":"-----BEGIN RSA PRIVATE KEY-----"}"#,
                #"{"chain":["A private key must not be stored in the registry."]}"#
            ),
            ("[]", #"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#),
        ])
    func refusedUpdate(body: String, errors: String) throws {
        var registry = try Self.registry()
        _ = try Self.submit(Self.request, &registry)
        #expect(DeviceWriteTests.errors(try Self.update(body, &registry)) == errors)
    }

    @Test(
        "an update that changes nothing makes no commit and moves no date",
        arguments: [
            "{}", #"{"status":""}"#, #"{"status":"pending","ca":""}"#, #"{"csr":"x","n":1}"#,
        ])
    func unchanged(body: String) throws {
        var registry = try Self.registry()
        _ = try Self.submit(Self.request, &registry)
        let before = registry.subjects
        _ = try Self.update(body, &registry, now: .sample.later(bySeconds: 5))
        #expect(registry.subjects == before)
        #expect(registry.snapshot.certificate(try id("r"))?.updatedAt == .sample)
    }

    @Test("without device or request there is nothing to change")
    func unknown() throws {
        var registry = MemoryRegistry()
        #expect(try Self.submit("x", &registry) == .notFound(detail: "Device not found"))
        #expect(try Self.update("[]", &registry) == .notFound(detail: "Device uid not found"))
        registry = try Self.registry()
        #expect(try Self.update("[]", &registry) == .notFound(detail: "Certificate not found"))
    }
}
