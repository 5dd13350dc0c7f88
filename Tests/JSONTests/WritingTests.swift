import JSON
import Testing

@Suite("Writing JSON")
struct WritingTests {
    private static let sample: JSONValue = [
        "é": "ü\u{7F}/😀", "a": [1, [], [:], ["b": [.null, true]]],
        "": .text("\"\\\u{8}\u{C}\n\r\t\u{1F}"),
    ]

    @Test("canonical text has one member or element per line")
    func canonical() {
        let text = """
            {
              "é": "ü\u{7F}/😀",
              "a": [
                1,
                [],
                {},
                {
                  "b": [
                    null,
                    true
                  ]
                }
              ],
              "": "\\"\\\\\\b\\f\\n\\r\\t\\u001f"
            }

            """
        #expect(String(decoding: Self.sample.canonicalBytes(), as: UTF8.self) == text)
    }

    @Test("compact text has no white space")
    func compact() {
        let text = #"{"é":"ü\#u{7F}/😀","a":[1,[],{},{"b":[null,true]}],"":"\"\\\b\f\n\r\t\u001f"}"#
        #expect(String(decoding: Self.sample.compactBytes(), as: UTF8.self) == text)
        #expect(Self.sample.description == text)
    }

    @Test("Python's text is ASCII, with a space behind commas and colons")
    func python() {
        let text =
            #"{"\u00e9": "\u00fc\u007f/\ud83d\ude00", "a": [1, [], {}, {"b": [null, true]}], "#
            + #""": "\"\\\b\f\n\r\t\u001f"}"#
        #expect(String(decoding: Self.sample.pythonBytes(), as: UTF8.self) == text)
    }

    @Test(
        "scalars and empty containers stand alone",
        arguments: [
            (.null, "null"), (false, "false"), (-1, "-1"), ("a", "\"a\""), ([], "[]"), ([:], "{}"),
            (number("1e-07"), "1e-07"), (number("1.0"), "1.0"),
        ] as [(JSONValue, String)])
    func alone(value: JSONValue, text: String) {
        #expect(value.canonicalBytes() == Array("\(text)\n".utf8))
        #expect(value.compactBytes() == Array(text.utf8))
        #expect(value.pythonBytes() == Array(text.utf8))
    }

    @Test("a lone surrogate is written as its escape")
    func loneSurrogate() throws {
        let text = #""a\ud800é\udfff""#
        let value = try JSONValue(parsing: text, options: .api)
        #expect(value.compactBytes() == Array(text.utf8))
        #expect(value.pythonBytes() == Array(#""a\ud800\u00e9\udfff""#.utf8))
    }

    @Test("every code point is read back from each form")
    func everyCodePoint() throws {
        var text = ""
        for scalar in (0...0x10FFFF as ClosedRange<UInt32>).lazy.compactMap(Unicode.Scalar.init)
        where scalar.value < 0x3000 || scalar.value % 97 == 0 { text.unicodeScalars.append(scalar) }
        let value = JSONValue.text(text)
        for bytes in [value.canonicalBytes(), value.compactBytes(), value.pythonBytes()] {
            #expect(try JSONValue(parsing: bytes, options: .document) == value)
        }
        #expect(value.pythonBytes().allSatisfy { $0 < 0x80 })
    }

    @Test("text is appended to what is there")
    func appending() {
        var bytes = Array("> ".utf8)
        Self.sample["a"]?.write(to: &bytes)
        #expect(bytes.starts(with: "> [1,".utf8))
    }
}
