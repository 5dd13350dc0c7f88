import Registry
import Testing

@testable import muster

@Suite("What the commands about access read")
struct TokenCommandTests {
    @Test(
        "an end is so long from now, or a time",
        arguments: [
            ("90d", 7_776_000), ("12h", 43_200), ("30m", 1_800), ("1m", 60),
            ("2026-12-31T00:00:00Z", 1_798_675_200),
        ] as [(String, Int64)])
    func end(text: String, seconds: Int64) {
        let now = Timestamp(microseconds: 0)
        #expect(Timestamp(after: text, now: now)?.microseconds == seconds * 1_000_000)
    }

    @Test(
        "other texts are no end",
        arguments: ["", "d", "90", "0d", "-1d", "1.5h", "100001d", "tomorrow", "90 d", "9e9d"])
    func noEnd(text: String) { #expect(Timestamp(after: text) == nil) }

    @Test("names, rights and networks are what they must be")
    func words() throws {
        let name = try #require(AccountName("ada"))
        #expect(try accountName("ada") == name)
        for wrong in ["Ada", "", "a b", "-a"] {
            #expect(throws: (any Error).self) { try accountName(wrong) }
        }
        #expect(try accessRight("read") == .read)
        #expect(throws: (any Error).self) { try accessRight("fly") }
        #expect(throws: (any Error).self) { try addressBlock("10.0.0.0/33") }
    }
}
