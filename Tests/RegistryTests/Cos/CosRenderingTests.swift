import JSON
import Testing

@testable import Registry

@Suite("Answers of the COS API")
struct CosRenderingTests {
    @Test("a device has nine members, its certificate among them")
    func device() throws {
        var registry = try CertificateWriteTests.registry()
        let bare = try registry.rendered(id("r"))
        #expect(
            bare == #"{"uid":"r","creation_date":"2026-01-31T12:00:00.123456Z","address":"a","#
                + #""public_ssh_key":"","grafana_dashboards":[],"foxglove_dashboards":[],"#
                + #""prometheus_alert_rule_files":[],"loki_alert_rule_files":[],"certificate":null}"#
        )
        _ = try CertificateWriteTests.submit(CertificateWriteTests.request, &registry)
        let certificate = try json(registry.rendered(id("r")))["certificate"]?.object
        #expect(
            certificate?.names == [
                "csr", "certificate", "ca", "chain", "status", "created_at", "updated_at",
            ])
        #expect(
            registry.snapshot.certificate(try id("r")).map {
                CosRendering(registry.snapshot).certificate($0, withUpdate: true).object?.names
            } == ["status", "csr", "certificate", "ca", "chain", "updated_at"])
    }

    @Test("a device that was rendered before shows what has changed around it")
    func renditions() throws {
        var registry = try CertificateWriteTests.registry()
        try registry.dashboard(.create, #"{"uid":"d","dashboard":{}}"#)
        try registry.device(.patch(id("r")), #"{"grafana_dashboards":["d"]}"#)
        #expect(try registry.rendered(id("r")).contains(#""grafana_dashboards":["d"]"#))
        let file = FileLayout().path(for: DocumentKey(.grafanaDashboards, try id("d")))
        registry.snapshot.remove(path: file)
        #expect(try registry.rendered(id("r")).contains(#""grafana_dashboards":[]"#))
        _ = try CertificateWriteTests.submit(CertificateWriteTests.request, &registry)
        #expect(try registry.rendered(id("r")).contains(#""status":"pending""#))
        registry.snapshot.put(path: file, bytes: Array("{}".utf8))
        #expect(try registry.rendered(id("r")).contains(#""grafana_dashboards":["d"]"#))
        #expect(try registry.rendered(id("r")).contains(#""status":"pending""#))
    }

    @Test(
        "fields selects members, whatever spaces and empty names stand between",
        arguments: [
            ("", DeviceFields.all.names), (" , ,", DeviceFields.all.names), ("uid", ["uid"]),
            ("certificate, uid ,,uid", ["uid", "certificate"]),
        ])
    func fields(text: String, names: [String]) throws {
        #expect(try DeviceFields(parsing: text).names == names)
        let registry = try CertificateWriteTests.registry()
        let devices = CosRendering(registry.snapshot).devices(
            fields: try DeviceFields(parsing: text)
        ).bytes
        let first = try JSONValue(parsing: devices, options: .api).array?.first?.object
        #expect(first?.names.map(\.description) == names)
    }

    @Test("every unknown field is named")
    func unknownFields() {
        let error = #expect(throws: FieldErrors.self) {
            try DeviceFields(parsing: "uid,create_date, uid.x,Uid")
        }
        let expected = ["create_date", "uid.x", "Uid"].map { "\"Unknown field: \($0).\"" }
        #expect(
            error?.value.description == "{\"fields\":[" + expected.joined(separator: ",") + "]}")
    }

    @Test("rule files come once, templates once for each device that lists them")
    func ruleFiles() throws {
        var registry = MemoryRegistry()
        registry.rules(.create, ["uid": "plain", "rules": "a: 1"])
        registry.rules(.create, ["uid": "t", "rules": "a: x%%juju_device_uuid%%"])
        registry.rules(
            .create, ["uid": "t", "rules": "a: '%%juju_device_uuid%%'"], .lokiAlertRuleFile)
        func list(_ model: CosModel) -> String {
            String(decoding: CosRendering(registry.snapshot).ruleFiles(model).bytes, as: UTF8.self)
        }
        #expect(
            list(.prometheusAlertRuleFile) == #"[{"uid":"plain","rules":"a: 1","template":false}]"#)
        #expect(list(.lokiAlertRuleFile) == "[]")
        for uid in ["r1", "r2"] {
            try registry.device(
                .create,
                #"{"uid":"\#(uid)","address":"a","prometheus_alert_rule_files":["t","plain"]}"#)
        }
        #expect(
            list(.prometheusAlertRuleFile)
                == #"[{"uid":"plain","rules":"a: 1","template":false},"#
                + #"{"uid":"t/r1","rules":"a: \"xr1\"\n"},{"uid":"t/r2","rules":"a: \"xr2\"\n"}]"#)
        #expect(list(.lokiAlertRuleFile) == "[]")
        registry.rules(.patch(try id("t")), ["rules": "b: 2"])
        #expect(
            list(.prometheusAlertRuleFile).hasSuffix(
                #"{"uid":"t","rules":"b: 2","template":false}]"#))
    }

    @Test("dashboards come with their uid, their members in their author's order")
    func dashboards() throws {
        var registry = MemoryRegistry()
        try registry.dashboard(.create, #"{"uid":"d","dashboard":{"z":1.0,"a":2}}"#)
        let bytes = CosRendering(registry.snapshot).dashboards(.grafanaDashboard).bytes
        #expect(
            String(decoding: bytes, as: UTF8.self) == #"[{"uid":"d","dashboard":{"z":1.0,"a":2}}]"#)
    }
}
