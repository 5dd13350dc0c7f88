internal import Git
internal import Glibc
internal import Subprocess

/// Has git pack what the server and people have written.
///
/// Geometric repacking rolls up what is new and leaves large packs alone. A multi-pack-index with
/// bitmaps makes clones fast; where all becomes one pack anyway, the pack has them, and needs no
/// second index. No object is dropped that is only reachable from what a person has rewound. A
/// commit-graph with the changed paths makes the log of one document fast.
struct Maintenance: Sendable {
    let places: StorePlaces

    /// About how many loose objects there are: git spreads them evenly over 256 folders.
    var looseObjects: Int {
        let sample = 16
        let found = (0..<sample).reduce(0) { sum, number in
            let folder = String(0x100 + number * 0x11, radix: 16).dropFirst()
            return sum
                + (FileSystem.names(in: "\(places.commonDirectory)/objects/\(folder)")?.count ?? 0)
        }
        return found * 256 / sample
    }

    /// Packs what `packs` hands over, and brings git's own indexes of it forward.
    ///
    /// - Parameter tip: a commit that is in the packs.
    /// - Throws: ``MaintenanceError`` with git's own words.
    func run(_ packs: NewPacks, tip: ObjectID) async throws {
        await packs.handOver()
        defer { packs.takeBack() }
        if packs.areMostlyNew {
            try await git("repack", "-a", "-d", "-k", "-l", "-q", "--write-bitmap-index")
            packs.tidy()
        } else {
            try await git("repack", "-d", "-l", "-q", "--geometric=2")
            packs.tidy()
            try await indexTogether(packs.foreignNames, tip: tip)
        }
        try await git("commit-graph", "write", "--reachable", "--changed-paths", "--split")
    }

    /// An index over all packs but those that the server will join, with bitmaps of what `tip`
    /// reaches: the branch moves on meanwhile.
    private func indexTogether(_ names: [String], tip: ObjectID) async throws {
        let snapshot = "\(places.temporary)/refs-\(UInt64.random(in: .min ... .max))"
        try FileSystem.create(snapshot, Array("\(tip)\n".utf8))
        defer { unlink(snapshot) }
        let list = names.map { "\($0).idx\n" }.joined()
        try await git(
            "multi-pack-index", "write", "--bitmap", "--no-progress", "--stdin-packs",
            "--refs-snapshot=\(snapshot)", input: list)
    }

    /// At the lowest priority, with one thread: requests go first.
    private func git(_ arguments: String..., input: String = "") async throws {
        let options = ["-n", "19", "git", "-C", places.workingTree, "-c", "pack.threads=1"]
        let result = try await Subprocess.run(
            .name("nice"), arguments: Arguments(options + arguments),
            environment: .git,
            input: .string(input), output: .discarded, error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw MaintenanceError(
                command: arguments.joined(separator: " "), words: result.standardError)
        }
    }
}

struct MaintenanceError: Error, CustomStringConvertible {
    let command: String
    let words: String

    var description: String { "git \(command): \(words)" }
}

/// When to pack: seldom enough to take little time, and rather while there is little to do.
struct MaintenanceSchedule {
    /// Objects that make it worth while.
    private static let objectLimit = 20_000
    /// People's own loose objects that do.
    private static let looseLimit = 5_000
    /// Packs of the server that do, however busy it is.
    private static let packLimit = 16
    /// Commits a second below which there is time.
    private static let quietRate = 20.0

    /// From when on it may be packed, and from when on also beside many writes.
    private var nextStart = 0.0
    private var nextBusyStart = 0.0
    private var lastCommits: UInt64 = 0
    private var lastLook = Clock.monotonicSeconds

    /// - Parameter commits: how many the server has made so far.
    mutating func isDue(
        _ packs: NewPacks, looseObjects: @autoclosure () -> Int, commits: UInt64
    ) -> Bool {
        let now = Clock.monotonicSeconds
        let rate = Double(commits &- lastCommits) / max(now - lastLook, 0.001)
        lastCommits = commits
        lastLook = now
        guard now >= nextStart else { return false }
        guard rate < Self.quietRate else {
            return now >= nextBusyStart && packs.count > Self.packLimit
        }
        if packs.count > Self.packLimit { return true }
        return packs.unpackedObjects >= Self.objectLimit || looseObjects() >= Self.looseLimit
    }

    /// - Parameter seconds: how long packing took. It may take a twentieth of the time, and half of
    ///   it where there is little else to do: what came meanwhile is packed soon.
    mutating func noteRun(seconds: Double) {
        nextStart = Clock.monotonicSeconds + 2 * seconds
        nextBusyStart = Clock.monotonicSeconds + 20 * seconds
    }

    /// Whatever keeps git from it will not be gone at once.
    mutating func noteFailure() {
        nextStart = Clock.monotonicSeconds + 60
        nextBusyStart = nextStart
    }
}
