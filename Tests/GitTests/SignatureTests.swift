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

    @Test(
        "what is written into a commit is read again",
        arguments: ["ada@x", "\u{301}x@muster.invalid", "\u{FE0F}@y", "<>@z", "a>\u{301}"])
    func roundTrip(email: String) throws {
        let author = Signature(name: "\u{301} Ada", email: email, seconds: 7, offsetMinutes: -90)
        let commit = Commit(
            tree: .zero, parents: [.zero], author: author, committer: author,
            message: "sub\u{301}ject\n\n\u{301}body\n")
        let read = try Commit(parsing: commit.bytes)
        #expect(read.author == author)
        #expect(read.parents == [.zero])
        #expect(read.subject == "sub\u{301}ject")
        #expect(read.body == "\u{301}body\n")
    }

    @Test("a commit of an odd author is read")
    func oddAuthor() throws {
        let text = "tree \(ObjectID.zero)\nauthor nobody\ncommitter nobody\n\nsubject\n"
        #expect(try Commit(parsing: Array(text.utf8)).author.name == "unknown")
    }
}
