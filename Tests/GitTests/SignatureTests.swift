import Git
import Testing

@Suite("Names in commits")
struct SignatureTests {
    @Test(
        "what git refuses is replaced, what it would cut is cut",
        arguments: [
            ("Ada Lovelace", "Ada Lovelace"), ("a<b>c", "a_b_c"), ("two\nlines", "two_lines"),
            ("  . ", "unknown"), ("", "unknown"), ("\u{0}nul", "_nul"), ("机器人", "机器人"),
            (".dot.", "dot"), ("quo\"te", "quo_te"),
        ])
    func cleans(given: String, kept: String) {
        #expect(Signature(name: given, email: "a@b.invalid", seconds: 0).name == kept)
    }

    @Test("an address holds no space")
    func address() {
        #expect(Signature(name: "a", email: "a b@c", seconds: 0).email == "a_b@c")
    }
}
