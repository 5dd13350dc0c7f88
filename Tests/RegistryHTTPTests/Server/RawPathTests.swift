import Testing

@testable import RegistryHTTP

@Suite("Raw paths are split first, then decoded")
struct RawPathTests {
    @Test(
        "segments keep their slashes",
        arguments: [
            ("/", [""]), ("/a", ["a"]), ("/a/", ["a", ""]), ("/a//b/", ["a", "", "b", ""]),
            ("/a%2Fb/c", ["a/b", "c"]), ("/%E2%82%AC", ["€"]), ("/%zz%4", ["%zz%4"]),
            ("/a+b", ["a+b"]), ("/a?b/c", ["a"]), ("", [""]), ("//", ["", ""]),
            ("/\u{301}/\u{301}?\u{301}", ["\u{301}", "\u{301}"]),
        ] as [(String, [String])])
    func segments(target: String, expected: [String]) {
        #expect(RawPath(target: target).segments.map(\.text) == expected)
    }

    @Test("bytes that are no UTF-8 have no text, and are kept raw")
    func notUTF8() {
        let segment = RawPath(target: "/%FF").segments.first
        #expect(segment?.text == nil)
        #expect(segment?.raw == "%FF")
    }

    @Test("whatever is encoded is read back, and moves no border between segments")
    func roundTrip() {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<2_000 {
            let segments = (0..<Int.random(in: 1...5, using: &generator)).map { _ in
                randomText(using: &generator)
            }
            let target = segments.map { "/" + percentEncoded($0) }.joined()
            let path = RawPath(target: target)
            #expect(path.segments.map(\.text) == segments)
            #expect(path.hasFinalSlash == (segments.last == ""))
        }
    }

    @Test("no bytes at all stop the reader, and the raw segments make the path again")
    func anyBytes() {
        var generator = SystemRandomNumberGenerator()
        let alphabet = Array("/%?&=+aF2\u{E9}\u{0}".utf8)
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0...40, using: &generator)).compactMap { _ in
                alphabet.randomElement(using: &generator)
            }
            let path = RawPath(target: String(decoding: bytes, as: UTF8.self))
            #expect("/" + path.segments.map(\.raw).joined(separator: "/") == path.raw)
        }
    }
}

@Suite("Queries are read as forms")
struct RawQueryTests {
    @Test(
        "the last value of a name",
        arguments: [
            ("fields=a&fields=b", "b"), ("fields=a+b%2Bc", "a b+c"), ("fields", ""),
            ("fields=", ""), ("x=1&&fields=2", "2"), ("fields=%FF", "\u{FFFD}"),
            ("fields=a=b", "a=b"), ("Fields=a", nil), ("", nil),
        ] as [(String, String?)])
    func last(query: String, expected: String?) {
        #expect(RawPath(target: "/?\(query)").query.last(of: "fields") == expected)
    }

    @Test("names are the same only if their UTF-8 is")
    func utf8Names() {
        #expect(RawQuery("e%CC%81=1").last(of: "\u{E9}") == nil)
    }
}

private func randomText(using generator: inout some RandomNumberGenerator) -> String {
    let scalars: [Unicode.Scalar] = [
        "a", "/", "%", "?", " ", "+", "é", "\u{301}", "😀", "\u{1}", "#",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
        text.unicodeScalars.append(scalars.randomElement(using: &generator) ?? "a")
    }
    return text
}

private func percentEncoded(_ text: String) -> String {
    text.utf8.map { byte in
        let digits = String(byte, radix: 16, uppercase: true)
        return byte == UInt8(ascii: "a") ? "a" : "%" + (digits.count == 1 ? "0" : "") + digits
    }.joined()
}
