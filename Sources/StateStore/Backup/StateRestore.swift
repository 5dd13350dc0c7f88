internal import FoundationEssentials
internal import GRDB
internal import Glibc
public import Registry

extension StateBackup {
    /// What belongs to the history that is there, and is newer than any backup's.
    private static let keptWhenThere: Set<String> = ["generation", "renewals", AuditFile.name]

    /// Puts what a backup holds in the place of what the state directory has.
    ///
    /// The backup is unpacked and looked at as a whole first. Then what was there is moved into a
    /// folder of its own in the state directory; where that fails in between, it is moved back. No
    /// server may have the registry.
    /// - Parameter now: names the folder.
    /// - Returns: the names of the files, and the folder with what was there before, if anything was.
    public static func restore(
        _ file: String, into directory: StateDirectory, passphrase: String, now: Timestamp = .now
    ) throws(BackupError) -> (files: [String], before: String?) {
        let new = try TemporaryFolder(in: directory)
        let names = try BackupReader(file, passphrase: passphrase).unpack(into: new.path)
        for name in names where name.hasSuffix(".sqlite") { try check(database: new.file(name)) }
        let old = try files(in: directory.path)
        let restored = names.filter { !keptWhenThere.contains($0) || !old.contains($0) }
        let aside = directory.file("before-restore-\(now.microseconds)")
        var moves = old.filter { !keptWhenThere.contains($0) }.map { name in
            (from: directory.file(name), to: "\(aside)/\(name)")
        }
        // What a server that was killed left beside its databases belongs to these.
        for name in old where name.hasSuffix(".sqlite") {
            for suffix in ["-wal", "-shm"] where access(directory.file(name + suffix), F_OK) == 0 {
                moves.append((directory.file(name + suffix), "\(aside)/\(name)\(suffix)"))
            }
        }
        let hasOld = !moves.isEmpty
        if hasOld, mkdir(aside, 0o700) != 0 { throw .failed("\(aside): \(errorText(errno))") }
        moves += restored.map { (from: new.file($0), to: directory.file($0)) }
        try move(moves)
        try flush(directory.path)
        return (restored.sorted(), hasOld ? aside : nil)
    }

    /// All of them, or none.
    private static func move(_ moves: [(from: String, to: String)]) throws(BackupError) {
        for (done, move) in moves.enumerated() where rename(move.from, move.to) != 0 {
            let reason = errorText(errno)
            for back in moves[..<done].reversed() { _ = rename(back.to, back.from) }
            throw .failed("\(move.to): \(reason). The state is as it was.")
        }
    }

    /// Makes the names in a folder durable.
    private static func flush(_ folder: String) throws(BackupError) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { if descriptor >= 0 { close(descriptor) } }
        guard descriptor >= 0, fsync(descriptor) == 0 else {
            throw .failed("\(folder): \(errorText(errno))")
        }
    }

    private static func check(database path: String) throws(BackupError) {
        do {
            let queue = try DatabaseQueue(path: path)
            let word = try queue.read { try String.fetchOne($0, sql: "PRAGMA quick_check") }
            try queue.close()
            guard word == "ok" else { throw BackupError.damaged }
        } catch {
            throw .damaged
        }
    }
}
