import FoundationEssentials
import Registry

/// The demonstration's registry on disk.
enum DemoRegistry {
    /// Makes the repository, its history and its working tree.
    ///
    /// - Returns: how many commits it has.
    static func create(at directory: String, endingAt now: Timestamp) async throws -> Int {
        try claim(directory)
        let history = try DemoHistory(
            endingAt: now, starter: NewRegistry.files(devices: DemoDevice.all.count))
        let git = GitProgram(directory: directory)
        try await git.run(["init", "--quiet", "--initial-branch=main"])
        try await git.run(
            ["fast-import", "--quiet", "--done"], input: DemoImport(history, branch: "main").stream)
        try await git.run(["reset", "--quiet", "--hard", "main"])
        return Int(try await git.text(["rev-list", "--count", "main"])) ?? 0
    }

    /// Makes the folder unless it is there, and refuses one that holds anything.
    private static func claim(_ directory: String) throws {
        if let names = try? FileManager.default.contentsOfDirectory(atPath: directory) {
            guard names.isEmpty else {
                throw Failure("\(directory) is not empty; name a new folder")
            }
            return
        }
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true)
        } catch {
            throw Failure("\(directory): the folder cannot be made; \(systemReason())")
        }
    }
}
