import Foundation
import JSON
import Registry
import Testing

@testable import RegistryStore

/// A store that is dropped without `close()` has done what a killed process has done: the system
/// closes its files.
@Suite("Recovery")
struct RecoveryTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    @Test("after a kill everything that was answered is there, and git sees a clean tree")
    func killed() async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
            try await store.put("d2", ["title": "Two"])
            try await store.remove("d1")
        }()
        let store = try await registry.open()
        #expect(try store.title("d2") == "Two")
        #expect(try store.title("d1") == nil)
        await store.close()
        try registry.judge()
    }

    @Test("a branch that the power cut left behind moves to what the journal says")
    func branchBehind() async throws {
        let tip = try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
            return try await store.put("d1", ["title": "Two"]).commit
        }()
        let head = try registry.git("rev-parse", "HEAD")
        #expect(head == tip?.description)
        try registry.git("update-ref", "refs/heads/main", "HEAD~1")
        try registry.removeFile(try registry.pack(with: head, "idx"))
        let store = try await registry.open()
        #expect(store.index.current.commit == tip)
        #expect(try store.title("d1") == "Two")
        #expect(store.status.rewoundTips.isEmpty)
        await store.close()
        try registry.judge()
    }

    @Test(
        "what a pack held that the power cut has torn is written again",
        arguments: [("pack", 0), ("pack", 40), ("idx", 0), ("idx", 1100)])
    func tornPack(suffix: String, length: Int) async throws {
        let tip = try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "Zero"])
            return try await store.put("d1", ["title": "One"]).commit
        }()
        let file = try registry.pack(with: #require(tip?.description), suffix)
        try registry.cut(file, to: length)
        let store = try await registry.open()
        #expect(store.index.current.commit == tip)
        #expect(try store.title("d1") == "One")
        await store.close()
        try registry.judge()
        #expect(try registry.commits == 3)
    }

    @Test(
        "a pack whose files the power cut has left with what was in them before is written again",
        arguments: [["pack"], ["idx"], ["pack", "idx"]])
    func stalePack(suffixes: [String]) async throws {
        let commits = try await {
            let store = try await registry.open()
            let first = try await store.put("d1", ["title": "Zero"]).commit
            return [first, try await store.put("d1", ["title": "One"]).commit]
        }()
        let files = try suffixes.map { suffix in
            try commits.compactMap(\.self).map {
                try registry.pack(with: $0.description, suffix)
            }
        }
        for pair in files {
            let old = FileManager.default.contents(atPath: "\(registry.path)/\(pair[0])")
            try registry.removeFile(pair[1])
            let new = "\(registry.path)/\(pair[1])"
            #expect(FileManager.default.createFile(atPath: new, contents: old))
            try registry.age(pair[1])
        }
        let store = try await registry.open()
        #expect(store.index.current.commit == commits[1])
        #expect(try store.title("d1") == "One")
        await store.close()
        try registry.judge()
        #expect(try registry.commits == 3)
    }

    @Test("a pack whose index the power cut has taken does not stay in git's folder")
    func packWithoutIndex() async throws {
        let pack = ".git/objects/pack/pack-\(String(repeating: "0", count: 40)).pack"
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
        }()
        try registry.write(pack, "PACK")
        try await {
            _ = try await registry.open()
            // Without a power cut a git program may be about to write the index.
            #expect(FileManager.default.fileExists(atPath: "\(registry.path)/\(pack)"))
        }()
        try endRun()
        try await registry.open().close()
        #expect(!FileManager.default.fileExists(atPath: "\(registry.path)/\(pack)"))
        try registry.judge()
    }

    @Test(
        "a branch that the power cut has left empty, or with what was in its file before, is mended",
        arguments: ["", "{\"uid\": \"d1\"}\n", "0123"])
    func tornBranch(text: String) async throws {
        let tip = try await {
            let store = try await registry.open()
            return try await store.put("d1", ["title": "One"]).commit
        }()
        try registry.write(".git/refs/heads/main", text)
        let store = try await registry.open()
        #expect(store.index.current.commit == tip)
        #expect(try store.title("d1") == "One")
        await store.close()
        try registry.judge()
    }

    @Test("what a file holds after a power cut, and nobody committed there, is put aside")
    func staleFile() async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
        }()
        try endRun()
        try registry.write(Sample.path("d1"), Sample.text(["title": "Other"]))
        try registry.age(Sample.path("d1"))
        let store = try await registry.open()
        #expect(try store.title("d1") == "One")
        await store.close()
        try registry.judge()
        let kept = try registry.find(Sample.path("d1"), in: ".git/muster/kept")
        #expect(try registry.read(#require(kept)) == Sample.text(["title": "Other"]))
    }

    @Test("an edit made after the machine was started again stays")
    func editAfterPowerCut() async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
        }()
        try endRun()
        try registry.write(Sample.path("d1"), Sample.text(["title": "Mine"]))
        let store = try await registry.open()
        #expect(try store.title("d1") == "Mine")
        #expect(store.status.uncommittedEdits.count == 1)
    }

    /// Lets the last checkpoint be of another run of the machine.
    private func endRun() throws {
        let path = ".git/muster/checkpoint"
        let lines = try #require(registry.read(path)).split(separator: "\n")
        let others = lines.filter { !$0.hasPrefix("boot ") }
        #expect(others.count == lines.count - 1)
        try registry.write(path, (others + ["boot another"]).joined(separator: "\n") + "\n")
    }

    @Test(
        "locks that a killed server left in git are removed",
        arguments: [
            "refs/heads/main.lock", "index.lock", "config.lock", "refs/notes/proposals.lock",
            "refs/proposals/1/head.lock", "refs/muster/served.lock",
        ])
    func staleLocks(name: String) async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
        }()
        try registry.write(".git/\(name)", "")
        let store = try await registry.open()
        try await store.put("d1", ["title": "Two"])
        #expect(registry.read(".git/\(name)") == nil)
        await store.close()
        try registry.judge()
    }

    @Test("a lock that somebody took while no server ran stays")
    func foreignLock() async throws {
        let store = try await registry.open()
        await store.close()
        try registry.write(".git/index.lock", "")
        let next = try await registry.open()
        #expect(registry.read(".git/index.lock") != nil)
        await next.close()
    }

    @Test("a torn end of the journal is passed over")
    func tornJournal() async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
        }()
        let journal = try registry.git("rev-parse", "--git-path", "muster/journal")
        try registry.write("\(journal)/99.journal", "\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{1}torn")
        let store = try await registry.open()
        #expect(try store.title("d1") == "One")
        try await store.put("d1", ["title": "Two"])
        await store.close()
        try registry.judge()
    }

    @Test(
        "a file that is old, empty, cut off or missing is brought forward",
        arguments: ["old", "empty", "cut", "missing"])
    func fileBehind(state: String) async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
            await store.close()
        }()
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "Two"])
        }()
        let file = Sample.path("d1")
        switch state {
        case "old": try registry.write(file, Sample.text(["title": "One"]))
        case "empty": try registry.write(file, "")
        case "cut": try registry.write(file, String(Sample.text(["title": "Two"]).prefix(9)))
        default: try registry.removeFile(file)
        }
        let store = try await registry.open()
        // A missing file is what no commit since the checkpoint had: a person removed it.
        let expected = state == "missing" ? nil : Sample.text(["title": "Two"])
        #expect(registry.read(file) == expected)
        if state != "missing" {
            await store.close()
            try registry.judge()
        }
    }

    @Test("an edit made after the crash stays")
    func editAfterCrash() async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
        }()
        try registry.write(Sample.path("d1"), Sample.text(["title": "Mine"]))
        let store = try await registry.open()
        #expect(registry.read(Sample.path("d1")) == Sample.text(["title": "Mine"]))
        #expect(try store.title("d1") == "Mine")
        #expect(store.status.uncommittedEdits.count == 1)
    }

    @Test("a commit made after the crash is merged with what was answered before")
    func commitAfterCrash() async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
            await store.close()
        }()
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "Two"])
            try await store.put("d2", ["title": "Two"])
        }()
        // The index is older than both writes; a commit from it would take them back.
        try registry.write(Sample.path("hand"), Sample.text(["title": "Hand"]))
        try registry.git("add", Sample.path("hand"))
        try registry.git("-c", "core.hooksPath=/dev/null", "commit", "-qm", "by hand")
        let store = try await registry.open()
        #expect(try store.title("d1") == "Two")
        #expect(try store.title("d2") == "Two")
        #expect(try store.title("hand") == "Hand")
        await store.close()
        try registry.judge()
    }

    @Test("a rewind while the server is down is put back and kept")
    func rewindWhileDown() async throws {
        let tip = try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
            let tip = try await store.put("d1", ["title": "Two"]).commit
            await store.close()
            return tip
        }()
        try registry.git("reset", "-q", "--hard", "HEAD~1")
        let store = try await registry.open()
        #expect(store.index.current.commit == tip)
        #expect(registry.read(Sample.path("d1")) == Sample.text(["title": "Two"]))
        #expect(store.status.rewoundTips.count == 1)
        await store.close()
        try registry.judge()
    }

    @Test("what a person's garbage collection leaves is enough")
    func garbageCollected() async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
            try await store.put("d1", ["title": "Two"])
            await store.close()
        }()
        try registry.git("reset", "-q", "--hard", "HEAD~2")
        try registry.git("reflog", "expire", "--expire=now", "--all")
        try registry.git("gc", "-q", "--prune=now")
        let store = try await registry.open()
        #expect(try store.title("d1") == "Two")
        await store.close()
        try registry.judge()
    }

    @Test("a clone is served with the same documents")
    func cloned() async throws {
        try await {
            let store = try await registry.open()
            try await store.put("d1", ["title": "One"])
            await store.close()
        }()
        let clone = try ScratchRegistry(cloning: registry)
        let store = try await clone.open()
        #expect(try store.title("d1") == "One")
        try await store.put("d1", ["title": "Two"])
        await store.close()
        try clone.judge()
    }
}
