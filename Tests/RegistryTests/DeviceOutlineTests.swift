import JSON
import Testing

@testable import Registry

@Suite("What a snapshot keeps of a device, read from the text of its file")
struct DeviceOutlineTests {
    private static let plain = """
        {
          "uid": "r",
          "creation_date": "2026-01-31T12:00:00.123456Z",
          "address": "10.0.0.1",
          "public_ssh_key": "ssh-ed25519 AAAA",
          "grafana_dashboards": [
            "a",
            "b"
          ],
          "foxglove_dashboards": [],
          "prometheus_alert_rule_files": [
            "a"
          ],
          "loki_alert_rule_files": []
        }

        """

    private static let named = plain.replacing(
        "_rule_files\": []\n",
        with: """
            _rule_files": [],
              "kind": "device",
              "name": "Robot 7",
              "parent": "p"

            """
    ).replacing("10.0.0.1", with: "host-7.example")

    private static let texts = [plain, named]

    @Test("is what the decoded device says", arguments: texts)
    func agrees(text: String) throws {
        let outline = try #require(Device.outline(file(text), of: id("r")))
        let device = try Device(parsing: file(text), id: id("r"))
        #expect(outline.creationDate == device.creationDate)
        #expect(Set(outline.targets) == Set(device.references.map(\.target)))
        #expect(outline.targets.count == Set(outline.targets).count)
        #expect(outline.craton == nil)
        #expect(CratonPart(device) == nil)
    }

    /// Valid devices in other spellings or with more to say, and invalid ones.
    private static let others: [(String, by: String)] = [
        ("\"r\"", by: "\"s\""), ("\"r\"", by: "\"\\u0072\""), ("\"uid\": ", by: "\"uid\":"),
        ("-31T", by: "-32T"), ("123456Z", by: "123456"), ("10.0.0.1", by: "10.0.0.256"),
        ("10.0.0.1", by: "10.0.0.01"), ("10.0.0.1", by: "::1"), ("10.0.0.1", by: " 10.0.0.1"),
        ("10.0.0.1", by: "a b"), ("10.0.0.1", by: "-a"), ("10.0.0.1", by: "a-.b"),
        ("10.0.0.1", by: "a..b"), ("10.0.0.1", by: "a.1"), ("10.0.0.1", by: ""),
        ("AAAA", by: "é"), ("AAAA", by: "A\nA"), ("AAAA", by: "A\\nA"), ("AAAA", by: "A\u{1}"),
        ("AAAA", by: "-----BEGIN PRIVATE KEY-----"), ("AAAA\"", by: "AAAA"),
        ("\"b\"", by: "\"a\""), ("\"b\"", by: "\"A\""), ("\"b\"", by: "\"..\""),
        ("\"b\"", by: "\"\""), ("\"b\"", by: "1"), ("\"b\"\n", by: "\"b\",\n"),
        ("\"b\"", by: "\"\(String(repeating: "b", count: 201))\""), ("[]\n}", by: "null\n}"),
        ("[]\n}", by: "[],\n  \"region\": \"x\"\n}"), ("[]\n}", by: "[],\n  \"kind\": \"x\"\n}"),
        ("[]\n}", by: "[],\n  \"name\": \"\"\n}"), ("[]\n}", by: "[],\n  \"parent\": \"..\"\n}"),
        ("[]\n}", by: "[],\n  \"annotations\": {}\n}"), ("[]\n}", by: "[],\n  \"x\": 1\n}"),
        ("\n}\n", by: "\n}"), ("\n}\n", by: "\n}\n\n"), ("\n}\n", by: "\n}\n{}"),
    ]

    @Test("is left to the decoded device in any other form", arguments: others)
    func leaves(old: String, by new: String) throws {
        let text = Self.plain.replacing(old, with: new)
        try #require(text != Self.plain)
        #expect(Device.outline(file(text), of: try id("r")) == nil)
    }

    @Test("is never had of bytes that are no device, whatever has happened to them")
    func damaged() throws {
        var generator = SeededGenerator(seed: 11)
        let uid = try id("r")
        var found = 0
        for round in 0..<10_000 {
            var bytes = file(Self.texts[round % 2])
            for _ in 0..<Int.random(in: 1...2, using: &generator) {
                let place = Int.random(in: bytes.indices, using: &generator)
                let other = bytes.randomElement(using: &generator) ?? 0
                switch Int.random(in: 0..<5, using: &generator) {
                case 0: bytes[place] = other
                case 1: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
                case 2: bytes.insert(other, at: place)
                case 3: bytes.remove(at: place)
                default: bytes.removeLast(bytes.count - place)
                }
                if bytes.isEmpty { bytes = file("{") }
            }
            guard let outline = Device.outline(bytes, of: uid) else { continue }
            found += 1
            let device = try? Device(parsing: bytes, id: uid)
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(outline.creationDate == device?.creationDate, "\(text)")
            #expect(Set(outline.targets) == device.map { Set($0.references.map(\.target)) })
        }
        // Some of them are devices still, with another letter in a name or a key.
        #expect(found > 100)
    }
}
