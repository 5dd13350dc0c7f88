import JSON
import Testing

@testable import Registry

@Suite("File names")
struct FileLayoutTests {
    static let layout = FileLayout()

    @Test(
        "a uid has one name",
        arguments: [
            ("robot-1", "devices/robot-1.json"),
            ("Robot_1.a", "devices/Robot_1.a.json"),
            ("with space", "devices/with%20space.json"),
            ("a/b", "devices/a%2Fb.json"),
            (".git", "devices/%2Egit.json"),
            ("x.", "devices/x%2E.json"),
            ("..x", "devices/%2E.x.json"),
            ("%41", "devices/%2541.json"),
            ("-rf", "devices/-rf.json"),
            ("x.json", "devices/x.json.json"),
            ("ü", "devices/%C3%BC.json"),
            ("u\u{308}", "devices/u%CC%88.json"),
            ("con", "devices/%63on.json"),
            ("CON.txt", "devices/%43ON.txt.json"),
            ("com1", "devices/%63om1.json"),
            ("LPT²", "devices/%4CPT%C2%B2.json"),
            ("com", "devices/com.json"),
            ("com10", "devices/com10.json"),
            ("cone", "devices/cone.json"),
            ("c\u{4F}N", "devices/%63ON.json"),
            ("nul .x", "devices/nul%20.x.json"),
        ])
    func path(text: String, path: String) throws {
        let key = DocumentKey(.devices, try id(text))
        #expect(Self.layout.path(for: key) == path)
        #expect(FileLayout.key(ofPath: path) == .document(key))
    }

    @Test(
        "other spellings of a uid are refused",
        arguments: [
            "devices/a%2fb.json", "devices/%61.json", "devices/.git.json", "devices/x..json",
            "devices/con.json", "devices/a%.json", "devices/a%4.json", "devices/a%GG.json",
            "devices/%FF.json", "devices/%01.json", "devices/%2E.json", "devices/%2E%2E.json",
            "devices/ü.json", "devices/a b.json", "devices/short%/rest.json", "devices/.json",
            "devices/a%/3/b.json",
        ])
    func misspelled(path: String) {
        guard case .misspelled = FileLayout.key(ofPath: path) else {
            Issue.record("\(path) is taken for \(FileLayout.key(ofPath: path))")
            return
        }
    }

    @Test(
        "files that are no documents are left alone",
        arguments: [
            "README.md", "devices", "devices/", "devices/README.md", "devices.json",
            "registry.json", "prometheus_alert_rules/x.json", "devicesx/a.json", "",
            "Devices/a.json", "schemas/device.schema.json",
        ])
    func notADocument(path: String) {
        #expect(FileLayout.key(ofPath: path) == .notADocument)
    }

    @Test(
        "folders below a collection say nothing",
        arguments: [
            "devices/3/f/robot-1.json", "devices/halle 2/robot-1.json", "devices/é/robot-1.json",
            "devices/.old/robot-1.json", "devices//robot-1.json",
        ])
    func folders(path: String) throws {
        #expect(FileLayout.key(ofPath: path) == .document(.init(.devices, try id("robot-1"))))
    }

    @Test("new files go to as many folders as the fan-out says, by the hash of the uid")
    func fanOut() throws {
        let layout = FileLayout(fanOut: [.devices: 2])
        // printf robot-1 | sha256sum
        #expect(layout.path(for: .init(.devices, try id("robot-1"))).hasSuffix("/robot-1.json"))
        let parts = layout.path(for: .init(.devices, try id("robot-1"))).split(separator: "/")
        #expect(parts.count == 4 && parts[1].count == 1 && parts[2].count == 1)
        let other = DocumentKey(.grafanaDashboards, try id("robot-1"))
        #expect(layout.path(for: other) == "grafana_dashboards/robot-1.json")
    }

    @Test("a long name goes on in folders that end in a percent sign")
    func longName() throws {
        let key = DocumentKey(.lokiAlertRules, try id(String(repeating: "机", count: 200)))
        let parts = Self.layout.path(for: key).split(separator: "/")
        #expect(parts.dropFirst().dropLast().allSatisfy { $0.hasSuffix("%") && $0.count == 199 })
        #expect(parts.count == 11)
        #expect(FileLayout.key(ofPath: Self.layout.path(for: key)) == .document(key))
        let exact = DocumentKey(.devices, try id(String(repeating: "n", count: 200)))
        #expect(!Self.layout.path(for: exact).contains("%"))
    }

    @Test("any uid comes back from its path, whose parts no file system refuses")
    func roundTrip() throws {
        let alphabet: [Character] = Array("a.C%/ \\:é机🤖nulcom1-\u{308}\u{7F}\u{85}")
        var generator = SeededGenerator(seed: 7)
        for _ in 0..<20_000 {
            let length = Int.random(in: 1...220, using: &generator)
            let text = String(
                (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
            guard let id = DocumentID(text) else { continue }
            let key = DocumentKey(.prometheusAlertRules, id)
            let path = FileLayout(fanOut: [.prometheusAlertRules: 3]).path(for: key)
            #expect(FileLayout.key(ofPath: path) == .document(key))
            #expect(path.split(separator: "/").allSatisfy { Self.isSafe($0) }, "\(path)")
        }
    }

    @Test(
        "the uids of the recorded exchanges come back",
        .enabled(if: SharedData.isThere, SharedData.condition))
    func recordedUIDs() throws {
        var count = 0
        for line in try SharedData.exchanges("05_uids.jsonl") {
            let exchange = try JSONValue(parsing: line, options: .api)
            guard let text = exchange["request"]?["body"]?["uid"]?.text,
                let id = DocumentID(Self.expanded(text))
            else { continue }
            let key = DocumentKey(.devices, id)
            #expect(FileLayout.key(ofPath: Self.layout.path(for: key)) == .document(key))
            count += 1
        }
        #expect(count > 30)
    }

    /// `<<rep:x:200>>` stands for 200 times `x`.
    static func expanded(_ text: String) -> String {
        let parts = text.split(separator: ":")
        guard text.hasPrefix("<<rep:"), parts.count == 3, let count = Int(parts[2].dropLast(2))
        else { return text }
        return String(repeating: String(parts[1]), count: count)
    }

    /// At most 255 bytes, none that Windows refuses, no device name, no dot at either end.
    static func isSafe(_ part: Substring) -> Bool {
        let stem = part.prefix { $0 != "." }.lowercased()
        return part.utf8.count <= 255 && !part.hasPrefix(".") && !part.hasSuffix(".")
            && part.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"<>:\"/\\|?*".utf8.contains($0) }
            && !["con", "prn", "aux", "nul", "com1", "lpt1"].contains(stem)
    }
}

/// The same numbers at every run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
