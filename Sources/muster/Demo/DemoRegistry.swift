import Registry
import StateStore

/// The demonstration's registry on disk.
enum DemoRegistry {
    /// Makes the repository, its history and its working tree.
    ///
    /// - Returns: how many commits it has.
    static func create(at directory: String, endingAt now: Timestamp) async throws -> Int {
        try makeEmptyFolder(directory)
        let history = try DemoHistory(
            endingAt: now, starter: NewRegistry.files(devices: DemoDevice.all.count))
        let git = GitProgram(directory: directory)
        try await git.run(["init", "--quiet", "--initial-branch=main"])
        try await git.run(
            ["fast-import", "--quiet", "--done"], input: DemoImport(history, branch: "main").stream)
        try await git.run(["reset", "--quiet", "--hard", "main"])
        try recordContacts(at: directory, endingAt: now)
        return Int(try await git.text(["rev-list", "--count", "main"])) ?? 0
    }

    /// Notes when the devices were last heard of: most minutes ago, every tenth some days.
    private static func recordContacts(at directory: String, endingAt now: Timestamp) throws {
        let gitDirectory = "\(directory)/.git"
        do throws(StateError) {
            let state = try StateDirectory.open(
                "\(gitDirectory)/muster", workingTree: directory, gitDirectory: gitDirectory)
            let signals = try SignalStore(in: state) { writeError("muster: \($0)") }
            for (number, device) in DemoDevice.all.enumerated() {
                guard let id = DocumentID(device.uid) else { continue }
                let days = number % 10 == 9 ? Double(number) / 6 : Double(number * 7 % 40) / 1440
                signals.recordContact(id, at: now.before(days: days))
            }
            signals.close()
        } catch {
            throw Failure("\(error)")
        }
    }
}
