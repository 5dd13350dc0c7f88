import Testing

@testable import StateStore

extension PasswordHash.Method {
    /// For tests, which have no secrets.
    static let quick = PasswordHash.Method.scrypt(log2: 4, r: 1, p: 1)
}

@Suite("What is kept of a password")
struct PasswordHashTests {
    @Test("it is PBKDF2 as its test vectors say")
    func pbkdf2Vectors() {
        // RFC 7914, section 11: "passwd", "salt", 1 round, and "Password", "NaCl", 80,000 rounds.
        #expect(pbkdf2Digest("passwd", Array("salt".utf8), 1).starts(with: [0x55, 0xAC, 0x04]))
        let slow = pbkdf2Digest("Password", Array("NaCl".utf8), 80_000)
        #expect(slow.starts(with: [0x4D, 0xDC, 0xD8, 0xF6]))
    }

    @Test("it is scrypt as its test vector says")
    func scryptVector() throws {
        // RFC 7914, section 12: "pleaseletmein", "SodiumChloride", N 16384, r 8, p 1; 32 bytes of it.
        let hash = try #require(
            PasswordHash(
                "scrypt$14$8$1$536f6469756d43686c6f72696465$"
                    + "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"))
        #expect(hash.matches("pleaseletmein"))
        #expect(!hash.matches("pleaseletmeout"))
    }

    @Test("it comes back from its text, and tells neither salt nor digest when printed")
    func text() throws {
        for method in [PasswordHash.Method.quick, .random] {
            let hash = PasswordHash(of: "correct horse", by: method)
            let again = try #require(PasswordHash(hash.text))
            #expect(again == hash && again.matches("correct horse"))
            #expect(!again.matches("correct hors") && !again.matches(""))
            let digest = try #require(hash.text.split(separator: "$").last)
            #expect(!"\(hash)".contains(digest) && !String(reflecting: hash).contains(digest))
        }
    }

    @Test("two hashes of one password differ")
    func salted() {
        #expect(
            PasswordHash(of: "correct horse", by: .quick).text
                != PasswordHash(of: "correct horse", by: .quick).text)
    }

    @Test(
        "text that is no hash is none",
        arguments: [
            "", "scrypt", "scrypt$15$8$1$$", "scrypt$99$8$1$aa$bb", "scrypt$15$8$aa$bb",
            "scrypt$15$8$1$xx$bb", "pbkdf2-sha256$0$aa$bb", "md5$1$aa$bb",
            "pbkdf2-sha256$-1$aa$bb",
        ])
    func nonsense(text: String) { #expect(PasswordHash(text) == nil) }

    @Test("nobody's hash is no password's")
    func nobody() { #expect(!PasswordHash.ofNobody(.quick).matches("")) }
}
