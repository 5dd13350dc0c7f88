import Testing

@testable import Registry

@Suite("Rendering a template")
struct RenderingTests {
    static let template = """
        # a comment
        groups:
          - name: cos_%%juju_device_uuid%%
            rules:
              - alert: LowMemory_{{ $labels.instance }}
                expr: |
                  sum(rate({instance="%% juju_device_uuid %%"}[5m]))
                    > 100
                for: 5m
                labels: {severity: "yes", page: false, day: '2001-01-01', n: 012, t: "1:30", e: '', z: ~}
                annotations:
                  summary: "it's \\"%%juju_device_uuid%%\\": # no comment"
                  list: [[], {}, [a, [b]], "x\\ny", "tab\\t", 'say "hi"', null, 1e3]
        """

    @Test("a quote with a mark that combines is written as a quote")
    func combiningMark() throws {
        let text = "a: \"'\u{301} \\\"\"\nb: '%%juju_device_uuid%%'\n"
        let rendered = try RuleFile(text: text).rendered(for: id("r"))
        let value = try YAMLValue.parse(rendered)?["a"]?.text
        #expect(value.map { Array($0.utf8) } == Array("'\u{301} \"".utf8))
    }

    @Test("the text is YAML with the uid in it, and everything else as it was")
    func text() throws {
        let rendered = try RuleFile(text: Self.template).rendered(for: id("robot-1"))
        #expect(
            rendered == """
                groups:
                  - name: "cos_robot-1"
                    rules:
                      - alert: LowMemory_{{ $labels.instance }}
                        expr: |
                          sum(rate({instance="robot-1"}[5m]))
                            > 100
                        for: 5m
                        labels:
                          severity: "yes"
                          page: false
                          day: "2001-01-01"
                          n: 012
                          t: "1:30"
                          e: ""
                          z: ~
                        annotations:
                          summary: "it's \\"robot-1\\": # no comment"
                          list:
                            - []
                            - {}
                            - - a
                              - - b
                            - |-
                              x
                              y
                            - "tab\\t"
                            - 'say "hi"'
                            - null
                            - 1e3

                """)
    }

    static let uids = [
        "robot-1", "o \"q\": x", "a'b", "#x", "yes", "123", "1:30", "2001-01-01", "null", "~", "[a",
        "{", "- a", "? a", "*a", "&a", "!a", "%a", "@a", "`a", "|", ">", "a: b", "a #b", "\\n",
        "机🤖",
        " x", "x ", "\u{85}", "a\u{2028}b", "x\u{FEFF}", "\u{FFFE}", "%%juju_device_uuid%%",
        "e\u{301}",
        "\u{A0}x", "\u{1F600}\u{10FFFF}",
    ]

    @Test("any uid leaves valid YAML that says the same", arguments: uids)
    func anyUID(uid: String) throws {
        let file = try RuleFile(
            text: Self.template + "\n\"k_%%juju_device_uuid%%\": |-\n  %%juju_device_uuid%%\n  x\n")
        let device = try id(uid)
        let rendered = try #require(try YAMLValue.parse(file.rendered(for: device)), "\(uid)")
        #expect(rendered.text == file.data.filled(with: uid).text)
        #expect(Self.flat(rendered) == Self.flat(file.data.filled(with: uid)))
    }

    @Test("written data says the same when it is read again")
    func writing() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<3_000 {
            let value = YAMLValue.mapping([
                .init(
                    key: .scalar("k", isString: true), value: Self.random(depth: 3, &generator))
            ])
            let text = YAMLWriter.write(value, usesLiterals: Bool.random(using: &generator))
                .filled(with: "")
            let read = try #require(try YAMLValue.parse(text), "\(text)")
            #expect(Self.flat(read) == Self.flat(value), "\(text)")
        }
    }

    /// A value as one line; what is no string in front has a mark.
    static func flat(_ value: YAMLValue) -> String {
        switch value {
        case .scalar(let text, let isString):
            // A reader takes a word without quotes for a string too.
            let looksPlain = !isString && !["null", "", "~"].contains(text)
            return (looksPlain || isString ? "" : "?")
                + text.utf8.map { "\($0)" }.joined(separator: ",")
        case .sequence(let elements): return "[" + elements.map(flat).joined(separator: ";") + "]"
        case .mapping(let members):
            return "{" + members.map { flat($0.key) + "=" + flat($0.value) }.joined(separator: ";")
                + "}"
        }
    }

    private static func random(depth: Int, _ generator: inout SeededGenerator) -> YAMLValue {
        func text() -> String {
            let pieces = [
                "a", "yes", " ", "\n", ":", "#", "-", "\"", "'", "\\", "%%", "\t", "é", "0", "|",
                "\u{85}", "{", "[", "?",
            ]
            return (0..<Int.random(in: 0...6, using: &generator))
                .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
        }
        switch Int.random(in: 0..<(depth > 0 ? 4 : 1), using: &generator) {
        case 0, 1: return .scalar(text(), isString: true)
        case 2:
            return .sequence(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in
                    random(depth: depth - 1, &generator)
                })
        default:
            return .mapping(
                (0..<Int.random(in: 0...3, using: &generator)).map { number in
                    .init(
                        key: .scalar("\(number)" + text(), isString: true),
                        value: random(depth: depth - 1, &generator))
                })
        }
    }
}

extension YAMLValue {
    /// The data with a uid in place of the placeholders: what rendering must say.
    fileprivate func filled(with uid: String) -> YAMLValue {
        switch self {
        case .scalar(let text, let isString):
            return .scalar(Placeholder.cut(text).parts.joined(separator: uid), isString: isString)
        case .sequence(let elements): return .sequence(elements.map { $0.filled(with: uid) })
        case .mapping(let members):
            return .mapping(
                members.map {
                    .init(key: $0.key.filled(with: uid), value: $0.value.filled(with: uid))
                })
        }
    }
}
