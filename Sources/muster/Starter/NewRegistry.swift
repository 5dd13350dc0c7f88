import FoundationEssentials
import Registry

/// A registry as `muster init` makes it.
enum NewRegistry {
    /// Its files: the starter, with the fan-out for about `devices` devices in registry.json.
    static func files(devices: Int) -> [(path: String, bytes: [UInt8])] {
        var settings = RegistrySettings()
        let depth = RegistrySettings.fanOut(forDocuments: devices)
        // Each device has one certificate.
        if depth > 0 { settings.fanOut = ["devices": depth, "certificates": depth] }
        return StarterFile.all.map { file in
            (file.path, file.path == RegistrySettings.path ? settings.canonicalBytes() : file.bytes)
        }
    }

    /// Makes the repository with one first commit.
    ///
    /// - Throws: ``Failure`` when something is there already or cannot be written.
    static func create(at directory: String, devices: Int) async throws {
        try claim(directory)
        for (path, bytes) in files(devices: devices) {
            try writeFile("\(directory)/\(path)", bytes)
        }
        let git = GitProgram(directory: directory)
        try await git.run(["init", "--quiet", "--initial-branch=main"])
        try await git.run(["add", "--all"])
        try await git.run(
            [
                "-c", "user.name=muster", "-c", "user.email=muster@muster.invalid", "commit",
                "--quiet", "--message=Start the registry",
            ])
    }

    /// Makes the folder unless it is there, and refuses one that holds anything.
    static func claim(_ directory: String) throws {
        if let names = try? FileManager.default.contentsOfDirectory(atPath: directory) {
            guard names.isEmpty else {
                throw Failure("\(directory) is not empty; name a folder that is, or a new one")
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
