internal import Git
internal import Subprocess

/// Packs the loose objects that the server writes, by git itself.
///
/// Geometric repacking rolls up what is new and leaves large packs alone; it never drops an object
/// that is only reachable from what a person has rewound.
struct Maintenance: Sendable {
    let places: StorePlaces
    /// Loose objects that make it worth while.
    var limit = 5_000

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

    var isDue: Bool { looseObjects >= limit }

    /// Packs, and brings git's commit-graph forward.
    ///
    /// - Throws: ``MaintenanceError`` with git's own words.
    func run() async throws {
        try await git("repack", "-d", "-l", "-q", "--geometric=2")
        try await git("commit-graph", "write", "--reachable", "--changed-paths", "--split")
    }

    private func git(_ arguments: String...) async throws {
        let result = try await Subprocess.run(
            .name("git"), arguments: Arguments(["-C", places.workingTree] + arguments),
            environment: .inherit.updating(["LC_ALL": "C"]),
            output: .discarded, error: .string(limit: 1 << 16))
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
