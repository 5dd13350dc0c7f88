import JSON
import Testing

@testable import Registry

@Suite("Devices copied from the text of their files")
struct CanonicalTextTests {
    private static let canonical = """
        {
          "uid": "r",
          "creation_date": "2026-01-31T12:00:00.123456Z",
          "address": "10.0.0.1",
          "public_ssh_key": "ssh-ed25519 AAAA\\n",
          "grafana_dashboards": [
            "a",
            "b"
          ],
          "foxglove_dashboards": [],
          "prometheus_alert_rule_files": [],
          "loki_alert_rule_files": [
            "b"
          ]
        }

        """

    /// The same device in other spellings, and others that only look like it.
    private static let spellings: [(String, by: String)] = [
        ("", by: ""), ("10.0.0.1", by: "2001:DB8:0:0::1"), ("10.0.0.1", by: "::ffff:10.0.0.1"),
        ("10.0.0.1", by: "Host.example"), ("10.0.0.1", by: "\\u0031\\u0030.0.0.1"),
        ("2026-01-31T12:00:00.123456Z", by: "2026-01-31T12:00:00Z"),
        ("2026-01-31T12:00:00.123456Z", by: "2026-01-31t12:00:00.123456z"),
        ("2026-01-31T12:00:00.123456Z", by: "2026-01-31T13:00:00.123456+01:00"),
        ("12:00:00.123456Z", by: "23:59:60.123456Z"),
        ("\"a\",\n    \"b\"", by: "\"b\",\n    \"a\""),
        ("\"a\",\n    \"b\"", by: "\"a\",\n    \"a\""), ("\"a\",\n    \"b\"", by: "\"a\", \"b\""),
        ("\"a\",\n    \"b\"", by: "\"a\",\n    \"a b\""), ("\"a\"", by: "\"\\u0061\""),
        ("AAAA\\n", by: "A\\/A"), ("AAAA\\n", by: "A\\u000aA"), ("AAAA\\n", by: "A\\\"A\\\\A\\tA"),
        ("AAAA\\n", by: "é\u{1F916}\u{7F}"), ("  \"uid\": \"r\",\n", by: ""),
        ("  \"foxglove_dashboards\": [],\n", by: ""),
        ("  \"public_ssh_key\": \"ssh-", by: "  \"public_ssh_key\":\"ssh-"),
        ("\n  ]\n}", by: "\n  ],\n  \"kind\": \"device\",\n  \"name\": \"R\"\n}"),
        ("\n", by: "\r\n"),
        ("  \"loki", by: "\t\"loki"),
    ]

    @Test("show what the decoded document shows", arguments: spellings)
    func device(old: String, by new: String) throws {
        var text = Self.canonical
        if old.contains("uid") {
            // Another order of members.
            text = text.replacing(old, with: "").replacing(
                "\n  ]\n}", with: "\n  ],\n  \"uid\": \"r\"\n}")
        } else if !old.isEmpty {
            text = text.replacing(old, with: new)
        }
        var snapshot = Snapshot()
        let key = DocumentKey(.devices, try id("r"))
        snapshot.put(path: FileLayout().path(for: key), bytes: file(text))
        for uid in ["a", "b", "a b"] {
            for (collection, text) in [
                (Collection.grafanaDashboards, "{}"), (.lokiAlertRules, "a: 1"),
            ] {
                snapshot.put(
                    path: FileLayout().path(for: DocumentKey(collection, try id(uid))),
                    bytes: file(text))
            }
        }
        let stored = try #require(snapshot[key], "the spelling must be valid")
        #expect(snapshot.problems.isEmpty)
        let rendering = CosRendering(snapshot)
        for names in [
            "", "uid", "address,certificate", "loki_alert_rule_files,creation_date", "certificate",
        ] {
            let fields = try DeviceFields(parsing: names)
            let expected = rendering.object(stored, fields).compactBytes()
            let shown = rendering.device(stored, fields: fields)
            #expect(
                String(decoding: shown, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
        }
        let texts = DeviceTexts(stored)
        let device = try #require(stored.content as? Device)
        #expect(texts.address == device.address)
        #expect(texts.name == device.name)
    }

    @Test("the registry's own form is copied, not decoded")
    func isCopied() {
        let isCopied = file(Self.canonical).withUnsafeBufferPointer { bytes in
            var text = CanonicalText(bytes)
            guard text.skip("{\n  \"uid\": "), text.string() != nil,
                text.skip(",\n  \"creation_date\": "), text.moment() != nil,
                text.skip(",\n  \"address\": "), text.address() != nil,
                text.skip(",\n  \"public_ssh_key\": "), text.string() != nil,
                text.skip(",\n  \"grafana_dashboards\": ")
            else { return false }
            var list: [UInt8] = []
            return text.list(to: &list, isWanted: true) && list == file(#"["a","b"]"#)
        }
        #expect(isCopied)
    }

    @Test("text that ends anywhere is no device, and no more is read than there is")
    func cutOff() {
        let whole = file(Self.canonical)
        for length in 0..<whole.count {
            whole[..<length].withUnsafeBufferPointer { bytes in
                var text = CanonicalText(bytes)
                var list: [UInt8] = []
                _ = text.skip("{\n  \"uid\": ")
                while text.string() != nil || text.list(to: &list, isWanted: false) {
                    _ =
                        text.skip(",\n  \"creation_date\": ") || text.skip(",\n  \"address\": ")
                        || text.skip(",\n  \"public_ssh_key\": ")
                        || text.skip(",\n  \"grafana_dashboards\": ")
                        || text.skip(",\n  \"foxglove_dashboards\": ")
                }
            }
        }
    }

    @Test("a device shows its certificate as it is decoded, whatever its spelling")
    func certificate() throws {
        var registry = try CertificateWriteTests.registry()
        _ = try CertificateWriteTests.submit(CertificateWriteTests.request, &registry)
        let key = DocumentKey(.certificates, try id("r"))
        let written = try #require(registry.snapshot[key])
        let text = String(decoding: written.bytes, as: UTF8.self)
        for spelling in [
            text, text.replacing("\n  ", with: " "), text.replacing("\": \"", with: "\":\""),
        ] {
            registry.snapshot.put(path: written.path, bytes: file(spelling))
            let shown = try json(registry.rendered(id("r")))["certificate"]
            #expect(shown == registry.snapshot.certificate(try id("r")).map { .object($0.value) })
            #expect(shown?.object != nil)
        }
    }
}
