import Registry
import RegistryStore

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
    static func create(at directory: String, devices: Int) throws {
        try makeEmptyFolder(directory)
        do throws(StoreOpeningError) {
            try RegistryStore.createRegistry(
                at: directory, files: files(devices: devices),
                author: Author(name: "Muster", email: "server@muster.invalid"),
                message: "Start the registry")
        } catch {
            throw Failure("\(error)")
        }
    }
}
