import Git
import Testing

@Suite("Trees")
struct TreeTests {
    private let id = GitObject(.blob, []).id

    private func entry(_ name: String, _ mode: FileMode = .file) -> Tree.Entry {
        Tree.Entry(name: Array(name.utf8), mode: mode, id: id)
    }

    @Test("entries stand in git's order, folders as if they ended in a slash")
    func order() {
        var tree = Tree()
        for name in ["b", "a.b", "a0", "ab"] { tree.set(entry(name)) }
        tree.set(entry("a", .tree))
        tree.set(entry("ä"))
        #expect(
            tree.entries.map { String(decoding: $0.name, as: UTF8.self) }
                == ["a.b", "a", "a0", "ab", "b", "ä"])
    }

    @Test("a file takes the place of a folder of its name, and the reverse")
    func kinds() {
        var tree = Tree()
        tree.set(entry("a", .tree))
        tree.set(entry("a"))
        #expect(tree.entries == [entry("a")])
        tree.set(entry("a", .tree))
        #expect(tree.entries == [entry("a", .tree)])
        tree.remove(Array("a".utf8))
        #expect(tree.isEmpty)
    }

    @Test("any order of writes and removals gives the tree that a fresh one has")
    func random() throws {
        var generator = SystemRandomNumberGenerator()
        var tree = Tree()
        var model: [String: FileMode] = [:]
        for _ in 0..<2_000 {
            let name = String(
                (0..<Int.random(in: 1...3)).map { _ in
                    "a.-0b".randomElement(using: &generator) ?? "a"
                })
            if Bool.random() {
                let mode: FileMode = Bool.random() ? .tree : .file
                model[name] = mode
                tree.set(entry(name, mode))
            } else {
                model[name] = nil
                tree.remove(Array(name.utf8))
            }
        }
        var fresh = Tree()
        for (name, mode) in model { fresh.set(entry(name, mode)) }
        #expect(tree == fresh)
        #expect(try Tree(parsing: tree.bytes).entries.count == model.count)
    }

    @Test(
        "what is no tree is refused",
        arguments: ["x", "100644 a", "100644 a\u{0}short", "999999 a\u{0}01234567890123456789"])
    func corrupt(text: String) {
        #expect(throws: GitError.self) { try Tree(parsing: Array(text.utf8)) }
    }
}
