import JSON
import Testing

@Suite("Text of JSON strings")
struct StringTests {
    @Test("text is equal only if its bytes are")
    func equality() {
        #expect(JSONString("\u{E9}") != JSONString("e\u{301}"))
        #expect(JSONString("\u{212B}") != JSONString("\u{C5}"))
        #expect(Set<JSONString>(["\u{E9}", "e\u{301}", "\u{E9}"]).count == 2)
        #expect(JSONString("a long text that is not inline") == "a long text that is not inline")
    }

    @Test("text is ordered by code point")
    func order() {
        let sorted: [JSONString] = ["", "A", "B", "a", "ab", "\u{E9}", "\u{FF5E}", "\u{1F600}"]
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test("lone surrogates are equal to themselves and shown as U+FFFD")
    func loneSurrogates() throws {
        let value = try JSONValue(parsing: #"["\ud800","\ud800","\ud801","\ufffd"]"#, options: .api)
        let strings = try #require(value.array).compactMap(\.string)
        #expect(strings[0] == strings[1])
        #expect(strings[0] != strings[2])
        #expect(strings[0] < strings[2] && strings[2] < strings[3])
        #expect(strings[0].description == "\u{FFFD}")
        #expect(strings[0].wtf8 == [0xED, 0xA0, 0x80])
        #expect(Set(strings).count == 3)
    }

    @Test("length counts code points")
    func count() {
        #expect(JSONString("e\u{301}👩‍🚀").unicodeScalarCount == 5)
        #expect(JSONString("").unicodeScalarCount == 0)
        #expect(JSONString("").isEmpty)
    }
}

@Suite("JSON numbers")
struct NumberTests {
    @Test(
        "a number keeps its text and gives what it can hold",
        arguments: [
            ("1", 1, 1), ("-0", 0, 0), ("1.0", nil, 1), ("1e2", nil, 100),
            ("9223372036854775807", .max, 0x1p63), ("9223372036854775808", nil, 0x1p63),
            ("-9223372036854775808", .min, -0x1p63), ("1e400", nil, nil), ("-1e400", nil, nil),
            ("1e-400", nil, 0), ("0.1", nil, 0.1),
        ] as [(String, Int?, Double?)])
    func values(literal: String, int: Int?, double: Double?) throws {
        let number = try #require(JSONNumber(literal: literal))
        #expect(number.literal == literal)
        #expect(number.int == int)
        #expect(number.double == double)
    }

    @Test(
        "text that is no number is refused",
        arguments: ["", " 1", "1 ", "01", "+1", "NaN", "1.", ".1", "1e", "0x1", "١", "1_000"])
    func refused(literal: String) { #expect(JSONNumber(literal: literal) == nil) }

    @Test("numbers are equal by their text")
    func equality() { #expect(number("1") != number("1.0")) }

    @Test("a double is written so that it reads back")
    func fromDouble() {
        for double in [0.1, 1e-7, Double.leastNonzeroMagnitude, 1.7976931348623157e308, -0.0, 1e16]
        {
            let literal = JSONNumber(double)?.literal ?? ""
            #expect(JSONNumber(literal: literal)?.double == double)
        }
        #expect(JSONNumber(Double.infinity) == nil)
        #expect(JSONNumber(Double.nan) == nil)
    }
}

@Suite("Members of JSON objects")
struct ObjectTests {
    @Test("a new member goes to the end, an old one keeps its place, nil removes")
    func order() {
        var object: JSONObject = ["b": 1, "a": 2]
        object["c"] = 3
        object["b"] = .null
        #expect(object.names == ["b", "a", "c"])
        #expect(object["b"] == .null)
        object["a"] = nil
        object["unknown"] = nil
        #expect(object.names == ["b", "c"])
        #expect(object.map(\.value) == [.null, 3])
    }

    @Test("members are found when there are many", arguments: [15, 16, 17, 18, 20_000])
    func many(count: Int) {
        var object = JSONObject(
            (0..<count).map { (JSONString("\($0)"), JSONValue(integerLiteral: $0)) })
        #expect(object.count == count)
        #expect(object["\(count - 1)"] == .init(integerLiteral: count - 1))
        object["0"] = nil
        object["1"] = "new"
        object["\(count)"] = true
        #expect(object.members.first?.name == "1")
        #expect(object["1"] == "new")
        #expect(object["\(count)"] == true)
        #expect(object["0"] == nil)
        object.removeAll { $0.name != "2" }
        #expect(object == ["2": 2])
    }

    @Test("equality minds the order of members, equivalence does not")
    func equality() {
        let value: JSONValue = ["a": [1, ["b": .null, "c": "d"]], "e": 2]
        let moved: JSONValue = ["e": 2, "a": [1, ["c": "d", "b": .null]]]
        #expect(value != moved)
        #expect(value.isEquivalent(to: moved))
        #expect(value == value)
        #expect(
            value.hashValue
                == (["a": [1, ["b": .null, "c": "d"]], "e": 2] as JSONValue).hashValue)
        #expect(!value.isEquivalent(to: ["e": 2, "a": [1, ["c": "d", "x": .null]]]))
        #expect(!value.isEquivalent(to: ["e": 2, "a": [["c": "d", "b": .null], 1]]))
    }

    @Test(
        "values of two kinds or contents differ",
        arguments: [.null, true, false, 0, "", "0", [], [:], [.null], ["": .null]] as [JSONValue])
    func differs(value: JSONValue) {
        let others: [JSONValue] = [.null, true, false, 0, "", "0", [], [:], [.null], ["": .null]]
        #expect(others.filter { $0 == value }.count == 1)
        #expect(others.filter { $0.isEquivalent(to: value) }.count == 1)
    }

    @Test("a value gives its content only as what it is")
    func accessors() {
        let value: JSONValue = ["a": 1, "b": "text", "c": [true], "d": .null]
        #expect(value["a"]?.int == 1)
        #expect(value["a"]?.text == nil)
        #expect(value["b"]?.text == "text")
        #expect(value["c"]?.array?.first?.bool == true)
        #expect(value["d"]?.isNull == true)
        #expect(value["e"] == nil)
        #expect(value["a"]?["a"] == nil)
    }
}
