import HTTPTypes
import Testing

@testable import RegistryHTTP

@Suite("The head of git's answer")
struct CGIHeadTests {
    @Test(
        "fields are read up to the empty line, whatever its line ends are",
        arguments: ["\n", "\r\n"])
    func lineEnds(end: String) throws {
        let lines = ["Expires: Fri, 01 Jan 1980", "Content-Type:text/plain", "", "body"]
        let bytes = Array(lines.joined(separator: end).utf8)
        let head = try #require(CGIHead(bytes))
        #expect(head.status == .ok)
        #expect(head.fields[.expires] == "Fri, 01 Jan 1980")
        #expect(head.fields[.contentType] == "text/plain")
        #expect(bytes[head.end...].elementsEqual("body".utf8))
    }

    @Test("an incomplete head is none", arguments: ["", "Status: 200", "A: b\n", "A: b\r\n\r"])
    func incomplete(text: String) { #expect(CGIHead(Array(text.utf8)) == nil) }

    @Test(
        "the status is a line of its own, and one that is none is the server's fault",
        arguments: [
            ("Status: 403 Forbidden", 403), ("status: 404", 404), ("Status: 1000", 502),
            ("Status: fine", 502), ("Status:", 502), ("Status: 100 Continue", 502),
        ])
    func status(line: String, code: Int) throws {
        let head = try #require(CGIHead(Array("\(line)\nA: b\n\n".utf8)))
        #expect(head.status.code == code)
        #expect(head.fields.count == 1)
    }

    @Test("what is no field is passed over")
    func noFields() throws {
        let head = try #require(CGIHead(Array("no colon\nnot a name: x\n: y\nA: b\n\n".utf8)))
        #expect(head.fields.map(\.name.rawName) == ["A"])
    }

    @Test("a head without end is given up")
    func endless() {
        let line = Array("A: \(String(repeating: "b", count: CGIHead.limit))\n\n".utf8)
        #expect(CGIHead(line) == nil)
    }
}
