internal import FoundationEssentials
internal import GRDB
internal import Glibc

/// All that the state directory holds and the repository does not, as one encrypted file.
///
/// Left out is what the server makes anew (the index of the history, the snapshot), what belongs to
/// the repository beside it (journal, hooks, lock) and folders, such as that of edits which were
/// discarded. A file that is not known is taken.
public enum StateBackup {
    private static let left: Set<String> = ["lock", "socket", "journal", "checkpoint", "snapshot"]

    /// Whether a file of this name is part of a backup.
    static func isName(_ name: String) -> Bool {
        (1...100).contains(name.utf8.count)
            && name.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                    || "._-".utf8.contains(byte)
            }
            && !name.hasPrefix(".") && !left.contains(name) && !name.hasPrefix("journal")
            && !name.hasPrefix("history.sqlite")
            && ![".new", "-wal", "-shm", "-journal"].contains(where: name.hasSuffix)
            && !name.contains(".broken-")
    }

    /// Writes the backup; a server may run.
    ///
    /// - Parameters:
    ///   - file: made, or replaced when all is well.
    ///   - more: a further folder of which files of these names are taken.
    /// - Returns: the names of the files in it.
    public static func write(
        _ directory: StateDirectory, to file: String, passphrase: String,
        more: (folder: String, names: [String])? = nil
    ) throws(BackupError) -> [String] {
        guard passphrase.unicodeScalars.count >= Account.shortestPassword else {
            throw .weakPassphrase
        }
        return try write(
            directory, to: file, passphrase: passphrase, more: more,
            parameters: BackupFormat.parameters)
    }

    static func write(
        _ directory: StateDirectory, to file: String, passphrase: String,
        more: (folder: String, names: [String])? = nil, parameters: [UInt8]
    ) throws(BackupError) -> [String] {
        let sources = try sources(of: directory, more)
        let copies = try TemporaryFolder(in: directory)
        let draft = file + ".new"
        do throws(BackupError) {
            let writer = try BackupWriter(
                to: draft, passphrase: passphrase, parameters: parameters)
            for source in sources {
                guard source.name.hasSuffix(".sqlite") else {
                    try writer.add(source.name, from: source.path)
                    continue
                }
                let copy = copies.file(source.name)
                try Self.copy(database: source.path, to: copy)
                try writer.add(source.name, from: copy)
                unlink(copy)
            }
            try writer.finish()
        } catch {
            unlink(draft)
            throw error
        }
        guard rename(draft, file) == 0 else { throw .failed("\(file): \(errorText(errno))") }
        return sources.map(\.name)
    }

    private typealias Source = (name: String, path: String)

    /// What goes into a backup, by name.
    private static func sources(
        of directory: StateDirectory, _ more: (folder: String, names: [String])?
    ) throws(BackupError) -> [Source] {
        var sources: [Source] = try files(in: directory.path).map { ($0, directory.file($0)) }
        if let more {
            let known = Set(sources.map(\.name))
            let there = try files(in: more.folder)
            sources += more.names.filter { there.contains($0) && !known.contains($0) }
                .map { ($0, "\(more.folder)/\($0)") }
        }
        return sources.sorted { $0.name < $1.name }
    }

    /// The files of a folder that belong into a backup.
    static func files(in folder: String) throws(BackupError) -> [String] {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw .failed("\(folder) cannot be read.")
        }
        return names.filter { name in
            var status = stat()
            return isName(name) && lstat("\(folder)/\(name)", &status) == 0
                && status.st_mode & S_IFMT == S_IFREG
        }
    }

    /// A copy as of one moment, whoever writes meanwhile.
    private static func copy(database path: String, to copy: String) throws(BackupError) {
        do {
            var configuration = Configuration()
            configuration.busyMode = .timeout(10)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            try queue.writeWithoutTransaction { database in
                try database.execute(sql: "VACUUM INTO ?", arguments: [copy])
            }
            try queue.close()
        } catch {
            throw .failed("\(path) could not be copied: \(error)")
        }
    }
}

/// A folder of the state directory that is gone with this.
final class TemporaryFolder {
    let path: String

    init(in directory: StateDirectory) throws(BackupError) {
        var template = Array("\(directory.path)/.backup-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw .failed("\(directory.path): \(errorText(errno))")
        }
        path = String(cString: made)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}
