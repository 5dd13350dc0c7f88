import JSON
import Testing

@Suite("Reading JSON")
struct ParsingTests {
    @Test(
        "a text of RFC 8259 is read",
        arguments: [
            ("null", .null), ("true", true), ("false", false), ("0", 0), ("-0", number("-0")),
            (" \t\r\n1 \t\r\n", 1), ("\"\"", ""), ("[]", []), ("{}", [:]), ("[ ]", []),
            ("{ }", [:]),
            ("[1,[2,[]],{}]", [1, [2, []], [:]]),
            (#"{"a":{"b":[null]},"c":""}"#, ["a": ["b": [.null]], "c": ""]),
            (#"{"":0}"#, ["": 0]), ("1.0", number("1.0")), ("1E+2", number("1E+2")),
            ("-1e-07", number("-1e-07")), ("1e400", number("1e400")),
            (
                "123456789012345678901234567890",
                number("123456789012345678901234567890")
            ),
            (#""\"\\\/\b\f\n\r\t""#, .text("\"\\/\u{8}\u{C}\n\r\t")),
            (#""\u00e9\u20AC\ud83d\ude00\u0000""#, .text("é€😀\u{0}")),
            ("\"é€😀\u{7F}\u{2028}\u{FFFF}\"", .text("é€😀\u{7F}\u{2028}\u{FFFF}")),
            ("\"\u{FEFF}\"", .text("\u{FEFF}")),
        ] as [(String, JSONValue)])
    func accepted(text: String, expected: JSONValue) throws {
        #expect(try JSONValue(parsing: text, options: .api) == expected)
        #expect(try JSONValue(parsing: Array(text.utf8), options: .document) == expected)
    }

    @Test(
        "what is no JSON is refused, and the error says what and where",
        arguments: [
            ("", "unexpected end of text instead of a value at line 1, column 1"),
            (" \n ", "unexpected end of text instead of a value at line 2, column 2"),
            ("[1,\n2,,\n3]", "unexpected ',' instead of a value at line 2, column 3"),
            ("[1 2]", "unexpected '2' instead of ',' or ']' at line 1, column 4"),
            ("[1}", "unexpected '}' instead of ',' or ']' at line 1, column 3"),
            ("[1,]", "unexpected ']' instead of a value at line 1, column 4"),
            ("[,1]", "unexpected ',' instead of a value at line 1, column 2"),
            ("[1", "unexpected end of text instead of ',' or ']' at line 1, column 3"),
            ("]", "unexpected ']' instead of a value at line 1, column 1"),
            ("{", "unexpected end of text instead of a member name at line 1, column 2"),
            (#"{"a"}"#, "unexpected '}' instead of ':' at line 1, column 5"),
            (#"{"a":}"#, "unexpected '}' instead of a value at line 1, column 6"),
            (#"{"a":1,}"#, "unexpected '}' instead of a member name at line 1, column 8"),
            (#"{"a":1]"#, "unexpected ']' instead of ',' or '}' at line 1, column 7"),
            ("{a:1}", "unexpected 'a' instead of a member name at line 1, column 2"),
            ("{1:1}", "unexpected '1' instead of a member name at line 1, column 2"),
            ("1 2", "unexpected '2' after the end at line 1, column 3"),
            ("{}}", "unexpected '}' after the end at line 1, column 3"),
            ("null,", "unexpected ',' after the end at line 1, column 5"),
            ("nulll", "unexpected 'l' after the end at line 1, column 5"),
            ("nul", "unexpected 'nul' instead of a value at line 1, column 1"),
            ("NaN", "unexpected 'NaN' instead of a value at line 1, column 1"),
            ("[Infinity]", "unexpected 'Infinity' instead of a value at line 1, column 2"),
            ("-Infinity", "a digit is missing at line 1, column 2"),
            ("True", "unexpected 'True' instead of a value at line 1, column 1"),
            ("'a'", "unexpected ''' instead of a value at line 1, column 1"),
            ("// a\n1", "unexpected '/' instead of a value at line 1, column 1"),
            ("01", "a number has no leading zeros at line 1, column 2"),
            ("-01", "a number has no leading zeros at line 1, column 3"),
            ("-", "a digit is missing at line 1, column 2"),
            ("+1", "unexpected '+' instead of a value at line 1, column 1"),
            (".5", "unexpected '.' instead of a value at line 1, column 1"),
            ("1.", "a digit is missing after '.' at line 1, column 3"),
            ("1.e1", "a digit is missing after '.' at line 1, column 3"),
            ("1e", "a digit is missing in the exponent at line 1, column 3"),
            ("1e+", "a digit is missing in the exponent at line 1, column 4"),
            ("0x10", "unexpected 'x' after the end at line 1, column 2"),
            ("\"é\n\"", "unexpected U+000A in a string at line 1, column 3"),
            ("\"\u{0}\"", "unexpected U+0000 in a string at line 1, column 2"),
            (#""a\n"# + "\u{1F}\"", "unexpected U+001F in a string at line 1, column 5"),
            (#"["a"#, "unterminated string that begins at line 1, column 2"),
            (#""a\""#, "unterminated string that begins at line 1, column 1"),
            (#""\x""#, #"unexpected 'x' after '\' at line 1, column 3"#),
            (#""\"#, #"unexpected end of text after '\' at line 1, column 3"#),
            (#""\u12g4""#, #"'\u' without four hexadecimal digits at line 1, column 2"#),
            (#""\u12"#, #"'\u' without four hexadecimal digits at line 1, column 2"#),
            (#""\u+123""#, #"'\u' without four hexadecimal digits at line 1, column 2"#),
            ("\u{FEFF}{}", "unexpected byte order mark at line 1, column 1"),
            ("[\u{A0}1]", "unexpected U+00A0 instead of a value at line 1, column 2"),
            ("é", "unexpected 'é' instead of a value at line 1, column 1"),
            ("[\u{0}]", "unexpected U+0000 instead of a value at line 1, column 2"),
        ])
    func refused(text: String, reason: String) {
        #expect(throws: (any Error).self) { try JSONValue(parsing: text, options: .api) }
        do throws(JSONSyntaxError) {
            _ = try JSONValue(parsing: text, options: .document)
        } catch {
            #expect(error.description == reason)
            #expect(error.kind == .syntax)
        }
    }

    @Test(
        "bytes that are not UTF-8 are refused, and the error says where",
        arguments: [
            [0xFF], [0x80], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80],
            [0xF0, 0x80, 0x80, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],
            [0xE2, 0x82],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) {
        do throws(JSONSyntaxError) {
            let text = Array("[1,\n \"é".utf8) + bytes + Array("\"]".utf8)
            Issue.record("read as \(try JSONValue(parsing: text, options: .api))")
        } catch {
            #expect(error.kind == .notUTF8)
            #expect([error.line, error.column, error.byteOffset] == [2, 4, 8])
        }
    }

    @Test("UTF-16 is refused")
    func utf16() {
        #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: [0x5B, 0, 0x5D, 0] as [UInt8], options: .api)
        }
    }

    @Test("any collection of bytes can be read")
    func collections() throws {
        let bytes = Array("[1]".utf8)
        #expect(try JSONValue(parsing: bytes[...], options: .api) == [1])
        #expect(try JSONValue(parsing: bytes.lazy.map { $0 }, options: .api) == [1])
        #expect(try bytes.withUnsafeBytes { try JSONValue(parsing: $0, options: .api) } == [1])
    }
}

@Suite("Reading options")
struct ReadingOptionsTests {
    @Test("the last of several members of one name wins, in the place of the first")
    func lastWins() throws {
        let text = #"{"a":1,"b":2,"\u0061":{"a":3,"a":4}}"#
        let value = try JSONValue(parsing: text, options: .api)
        #expect(value == ["a": ["a": 4], "b": 2])
    }

    @Test("a repeated member is refused in documents, and the error names it and its place")
    func duplicateRefused() {
        do throws(JSONSyntaxError) {
            let text = "{\"x\": [{\"é\": 1,\n  \"b\": {},\n  \"\\u00e9\": 2}]}"
            Issue.record("read as \(try JSONValue(parsing: text, options: .document))")
        } catch {
            #expect(error.kind == .duplicateMember("é"))
            #expect(error.description == #"member "é" occurs twice at line 3, column 3"#)
        }
    }

    @Test("names that are only canonically equivalent are two names")
    func canonicalEquivalence() throws {
        let value = try JSONValue(
            parsing: "{\"\u{E9}\":1,\"e\u{301}\":2}", options: .document)
        #expect(value.object?.count == 2)
    }

    @Test("a repeated member is found among thousands", arguments: [10, 17, 5000])
    func duplicateAmongMany(count: Int) {
        let members = (0..<count).map { "\"member \($0)\":\($0)" } + ["\"member 3\":0"]
        let text = "{\(members.joined(separator: ","))}"
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: text, options: .document) }
        let value = try? JSONValue(parsing: text, options: .api)
        #expect(value?.object?.count == count)
        #expect(value?["member 3"] == 0)
    }

    @Test(
        "lone surrogates are held on the API and refused in documents",
        arguments: [
            (#""\ud800""#, 0xD800, 1), (#""a\udfff!""#, 0xDFFF, 3), (#""\uDBFF\n""#, 0xDBFF, 2),
            (#""\ud800\ud83d\ude00""#, 0xD800, 2), (#""\ude00\ud83d""#, 0xDE00, 2),
            (#""é\ud800\u0041""#, 0xD800, 3),
        ] as [(String, UInt16, Int)])
    func loneSurrogates(text: String, unit: UInt16, count: Int) throws {
        let string = try #require(try JSONValue(parsing: text, options: .api).string)
        #expect(string.firstLoneSurrogate == unit)
        #expect(string.string == nil)
        #expect(string.unicodeScalarCount == count)
        do throws(JSONSyntaxError) {
            Issue.record("read as \(try JSONValue(parsing: text, options: .document))")
        } catch {
            #expect(error.kind == .loneSurrogate(unit))
        }
    }

    @Test("nesting is limited", arguments: ["[", "{\"a\":"])
    func depth(opening: String) throws {
        func text(_ depth: Int) -> String {
            let value =
                String(repeating: opening, count: depth - 1) + (opening == "[" ? "[]" : "{}")
            return value + String(repeating: opening == "[" ? "]" : "}", count: depth - 1)
        }
        _ = try JSONValue(parsing: text(512), options: .api)
        do throws(JSONSyntaxError) {
            _ = try JSONValue(parsing: text(513), options: .api)
            Issue.record("513 levels were read")
        } catch {
            #expect(error.kind == .depth)
            #expect(error.reason == "nested deeper than 512 levels")
        }
    }

    @Test("a million open brackets are refused at the limit")
    func bomb() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONSyntaxError.self) { try JSONValue(parsing: bytes, options: .api) }
    }

    @Test("more values than allowed are refused, as many are read")
    func valueLimit() throws {
        var options = JSONReadingOptions.api
        options.maximumValues = 4
        #expect(try JSONValue(parsing: "[1, [2]]", options: options) == [1, [2]])
        let error = #expect(throws: JSONSyntaxError.self) {
            try JSONValue(parsing: "[1, [2], 3]", options: options)
        }
        #expect(error?.kind == .size)
    }
}

func number(_ literal: String) -> JSONValue {
    JSONNumber(literal: literal).map(JSONValue.number) ?? .null
}
