import Testing

@testable import Registry

@Suite("Differences of texts")
struct UnifiedDiffTests {
    private func diff(_ old: String, _ new: String) -> String {
        unifiedDiff(from: Array(old.utf8), to: Array(new.utf8))
    }

    @Test("name the lines that went and came, with three around them")
    func hunk() {
        let lines = (1...9).map { "\($0)\n" }
        let changed = lines.map { $0 == "5\n" ? "five\n" : $0 }
        #expect(
            diff(lines.joined(), changed.joined()) == """
                @@ -2,7 +2,7 @@
                 2
                 3
                 4
                -5
                +five
                 6
                 7
                 8

                """)
    }

    @Test("are empty for equal texts, and whole for a text that came or went")
    func ends() {
        #expect(diff("a\n", "a\n") == "")
        #expect(diff("", "a\nb\n") == "@@ -0,0 +1,2 @@\n+a\n+b\n")
        #expect(diff("a\nb\n", "") == "@@ -1,2 +0,0 @@\n-a\n-b\n")
    }

    @Test("say where a text ends without a line feed")
    func noFinalLineFeed() {
        #expect(
            diff("a\nb", "a\nb\n") == """
                @@ -1,2 +1,2 @@
                 a
                -b
                \\ No newline at end of file
                +b

                """)
    }

    @Test("are bounded for long texts that have nothing in common")
    func large() {
        let old = (0..<60_000).map { "old \($0 % 7) \($0 / 3)\n" }.joined()
        let new = (0..<60_000).map { "new \($0 % 5) \($0 / 2)\n" }.joined()
        let start = ContinuousClock.now
        let text = diff(old, new)
        #expect(ContinuousClock.now - start < .seconds(20))
        #expect(text.hasSuffix("@@ 100001 more lines @@\n"))
    }

    @Test("lead from the one text to the other, whatever the texts")
    func random() {
        var random = SplitMix(seed: 5)
        for _ in 0..<2_000 {
            let (old, new) = (random.lines(), random.lines())
            var rebuilt: [Int] = []
            var place = 0
            for change in LineComparison(from: old, to: new).changes {
                rebuilt += old[place..<change.old.lowerBound] + new[change.new]
                place = change.old.upperBound
            }
            #expect(rebuilt + old[place...] == new)
        }
    }
}

@Suite("Merges of texts")
struct LineMergeTests {
    private func merge(_ base: String, _ ours: String, _ theirs: String) -> LineMerge {
        LineMerge(base: Array(base.utf8), ours: Array(ours.utf8), theirs: Array(theirs.utf8))
    }

    private func marked(_ merge: LineMerge) -> String {
        String(decoding: merge.markedBytes(ConflictMarks()), as: UTF8.self)
    }

    @Test(
        "join what both sides changed",
        arguments: [
            ("1\n2\n3\n4\n5\n", "one\n2\n3\n4\n5\n", "1\n2\n3\n4\nfive\n", "one\n2\n3\n4\nfive\n"),
            ("1\n2\n3\n", "0\n1\n2\n3\n", "1\n2\n", "0\n1\n2\n"),
            ("1\n2\n3\n", "1\nx\n3\n", "1\nx\n3\n", "1\nx\n3\n"),
            ("1\n", "1\n", "", ""),
        ])
    func joined(base: String, ours: String, theirs: String, result: String) {
        let merge = merge(base, ours, theirs)
        #expect(merge.isClean)
        #expect(marked(merge) == result)
    }

    @Test("mark the lines that both sides changed, or that touch")
    func conflicts() {
        let touching = merge("1\n2\n3\n", "one\n2\n3\n", "1\ntwo\n3\n")
        #expect(!touching.isClean)
        #expect(
            marked(merge("a\nx\nb\n", "a\ny\nb\n", "a\nz\nb")) == """
                a
                <<<<<<< ours
                y
                b
                =======
                z
                b
                >>>>>>> theirs

                """)
        #expect(
            marked(merge("", "a\nb\n", "a\nc\n")) == """
                a
                <<<<<<< ours
                b
                =======
                c
                >>>>>>> theirs

                """)
    }

    @Test("keep what one side changed, and lose nothing that one side wrote")
    func random() {
        var random = SplitMix(seed: 9)
        func text(_ lines: [Int]) -> [UInt8] { lines.flatMap { Array("\($0)\n".utf8) } }
        for _ in 0..<2_000 {
            let (base, other) = (text(random.lines()), text(random.lines()))
            let ours = LineMerge(base: base, ours: other, theirs: base)
            let theirs = LineMerge(base: base, ours: base, theirs: other)
            #expect(ours.isClean && ours.bytes(taking: .theirs) == other)
            #expect(theirs.isClean && theirs.bytes(taking: .ours) == other)
            let third = text(random.lines())
            let left = LineMerge(base: base, ours: other, theirs: third)
            let right = LineMerge(base: base, ours: third, theirs: other)
            #expect(left.isClean == right.isClean)
            #expect(left.bytes(taking: .ours) == right.bytes(taking: .theirs))
        }
    }
}

/// Random numbers that are the same at each run.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// Up to thirty lines, of which many are alike.
    mutating func lines() -> [Int] {
        let kinds = Int.random(in: 1...12, using: &self)
        return (0..<Int.random(in: 0...30, using: &self)).map { _ in
            Int.random(in: 0..<kinds, using: &self)
        }
    }
}
