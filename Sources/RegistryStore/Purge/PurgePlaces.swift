internal import Git
internal import Glibc

/// Where a purge keeps what it makes until all of it is there.
struct PurgePlaces: Sendable {
    let store: StorePlaces

    var folder: String { store.service + "/purge" }
    /// A repository with the new history alone.
    var repository: String { folder + "/new.git" }
    /// What is to be done; from when it is there, the new history counts.
    var plan: String { folder + "/plan" }
    /// The new ids of commits, before they count.
    var renewals: String { folder + "/renewals" }
    /// New content of files of the working tree, by blob.
    var files: String { folder + "/files" }

    var mainPacks: String { store.commonDirectory + "/objects/pack" }
    var newPacks: String { repository + "/objects/pack" }

    /// Whether a purge has been decided and is not finished.
    var isDecided: Bool { FileFacts(at: plan) != nil }

    /// Removes what is left; before a decision the old history stands.
    func clear() throws(FileError) {
        try FileSystem.removeTree(folder)
    }
}

extension FileSystem {
    /// Removes a file, or a folder with all that is in it; nothing where there is none.
    static func removeTree(_ path: String) throws(FileError) {
        guard let facts = FileFacts(at: path) else { return }
        guard facts.kind == .folder else { return try remove(path) }
        for name in names(in: path) ?? [] { try removeTree("\(path)/\(name)") }
        guard rmdir(path) == 0 || errno == ENOENT else { throw FileError("remove \(path)") }
    }
}
