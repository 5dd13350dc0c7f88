import JSON
import Testing

@Suite("JSON pointer")
struct PointerTests {
    static let document: JSONValue = [
        "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6,
        " ": 7, "m~n": 8,
    ]

    @Test(
        "the table of RFC 6901, section 5, holds",
        arguments: [
            ("", document), ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1),
            ("/c%d", 2), ("/e^f", 3), ("/g|h", 4), ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7),
            ("/m~0n", 8),
        ] as [(String, JSONValue)])
    func table(text: String, value: JSONValue) throws {
        let pointer = try JSONPointer(parsing: text)
        #expect(Self.document.value(at: pointer) == value)
        #expect(pointer.description == text)
    }

    @Test(
        "a pointer to nothing gives nothing",
        arguments: [
            "/x", "/foo/2", "/foo/-", "/foo/-1", "/foo/00", "/foo/01", "/foo/", "/foo/bar",
            "/foo/0/0",
            "/foo/99999999999999999999", "/foo/+1", "//",
        ])
    func nothing(text: String) throws {
        #expect(Self.document.value(at: try JSONPointer(parsing: text)) == nil)
    }

    @Test("text that is no pointer is refused", arguments: ["a", "foo/bar", "/~", "/a~2b", "/~/"])
    func refused(text: String) {
        #expect(throws: JSONPointerSyntaxError.self) { try JSONPointer(parsing: text) }
    }

    @Test("~01 is ~1, not a slash")
    func escapeOrder() throws { #expect(try JSONPointer(parsing: "/~01").tokens == ["~1"]) }

    @Test("names and indices are appended, escaped in text")
    func appending() {
        let pointer = JSONPointer().appending("a/~b").appending(3)
        #expect(pointer.description == "/a~1~0b/3")
        #expect(pointer == JSONPointer(tokens: ["a/~b", "3"]))
    }
}
