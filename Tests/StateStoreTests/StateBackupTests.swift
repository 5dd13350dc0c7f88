import Foundation
import Registry
import Testing

@testable import StateStore

@Suite("Backup of the state")
struct StateBackupTests {
    let scratch: ScratchDirectory
    let directory: StateDirectory
    let other: StateDirectory
    let backup: String
    let ada: AccountName
    private static let quick: [UInt8] = [4, 1, 1, 0]

    init() throws {
        scratch = try ScratchDirectory()
        directory = try StateDirectory.open(scratch.path + "/state")
        other = try StateDirectory.open(scratch.path + "/other")
        backup = scratch.path + "/file"
        ada = try #require(AccountName("ada"))
    }

    @discardableResult
    private func write() throws -> [String] {
        try StateBackup.write(
            directory, to: backup, passphrase: "open sesame", parameters: Self.quick)
    }

    private func restore(_ passphrase: String = "open sesame") throws {
        _ = try StateBackup.restore(backup, into: other, passphrase: passphrase)
    }

    /// An account, a large file, and what has no place in a backup.
    private func fill() throws {
        let accounts = try AccountStore(in: directory, hashing: .quick)
        try accounts.add(ada, .person, roles: ["admin"], password: "correct horse")
        accounts.close()
        _ = try SecretKey.load(from: directory)
        try PrivateFile.write([], to: directory.file("empty"))
        var large = [UInt8](repeating: 7, count: 300_000)
        large[299_999] = 8
        try Data(large).write(to: URL(filePath: directory.file("large")))
        for name in ["history.sqlite", "lock", "journal-1", "snapshot", "signals.sqlite.broken-1"] {
            try PrivateFile.write([1], to: directory.file(name))
        }
    }

    @Test("what was written comes back, and nothing else")
    func roundTrip() async throws {
        try fill()
        #expect(try write() == ["accounts.sqlite", "empty", "large", "secret-key"])
        try restore()
        #expect(
            try scratch.names(in: "other") == ["accounts.sqlite", "empty", "large", "secret-key"])
        for name in ["empty", "large", "secret-key"] {
            let before = try Data(contentsOf: URL(filePath: directory.file(name)))
            #expect(try Data(contentsOf: URL(filePath: other.file(name))) == before)
            #expect(try mode(of: other.file(name)) == 0o600)
        }
        let accounts = try AccountStore(in: other, hashing: .quick)
        guard case .account = await accounts.logIn("ada", password: "correct horse", from: nil)
        else {
            Issue.record("the account is not there")
            return
        }
    }

    @Test("it is taken as of one moment while others write")
    func whileOpen() throws {
        let accounts = try AccountStore(in: directory, hashing: .quick)
        try accounts.add(ada, .person, roles: [])
        try write()
        try accounts.setRoles(["admin"], of: ada)
        try restore()
        #expect(try AccountStore(in: other).account(ada)?.roles == [])
        #expect(accounts.account(ada)?.roles == ["admin"])
    }

    @Test("nothing in it can be read, and only its owner has it")
    func encrypted() throws {
        try fill()
        try write()
        let bytes = try Data(contentsOf: URL(filePath: backup))
        for text in ["ada", "admin", "SQLite", "accounts", "scrypt"] {
            #expect(bytes.range(of: Data(text.utf8)) == nil, "\(text)")
        }
        #expect(try mode(of: backup) == 0o600)
    }

    @Test("another passphrase does not open it")
    func wrongPassphrase() throws {
        try fill()
        try write()
        #expect(throws: BackupError.wrongPassphrase) { try restore("open sesame!") }
        #expect(try scratch.names(in: "other").isEmpty)
    }

    @Test("a file that was cut, mixed up, changed or made longer is refused, and changes nothing")
    func damage() throws {
        try fill()
        try write()
        let good = try Data(contentsOf: URL(filePath: backup))
        let (start, chunk) = (BackupFormat.headerBytes, BackupFormat.chunkBytes + 16)
        #expect(good.count > start + 4 * chunk)
        let first = good[start..<start + chunk]
        let second = good[start + chunk..<start + 2 * chunk]
        let rest = good[(start + 2 * chunk)...]
        var changed = good
        changed[start + 3 * chunk] ^= 1
        var otherSalt = good
        otherSalt[20] ^= 1
        let damaged: [(String, Data)] = [
            ("cut between chunks", good[..<(start + 2 * chunk)]),
            ("cut in a chunk", good.dropLast(1)),
            ("exchanged", good[..<start] + second + first + rest),
            ("left out", good[..<start] + first + rest),
            ("repeated", good[..<start] + first + first + second + rest),
            ("changed", changed), ("another salt", otherSalt),
            ("longer", good + good[..<start]), ("header alone", good[..<start]),
            ("empty", Data()), ("no backup", Data("hello".utf8)),
        ]
        for (what, bytes) in damaged {
            try bytes.write(to: URL(filePath: backup))
            #expect(throws: BackupError.self, "\(what)") { try restore() }
            #expect(try scratch.names(in: "other").isEmpty, "\(what)")
        }
        try good.write(to: URL(filePath: backup))
        try restore()
    }

    @Test("what was there is kept aside; the generation of the history and the audit log stay")
    func aside() throws {
        try fill()
        try PrivateFile.write(Array("1".utf8), to: directory.file("generation"))
        try AuditFile(in: directory).append("long ago")
        try write()
        try AuditFile(in: other).append("lately")
        try PrivateFile.write(Array("old".utf8), to: other.file("secret-key"))
        try PrivateFile.write(Array("2".utf8), to: other.file("generation"))
        let done = try StateBackup.restore(backup, into: other, passphrase: "open sesame")
        let before = try #require(done.before)
        #expect(try PrivateFile.read(before + "/secret-key", limit: 9) == Array("old".utf8))
        #expect(try PrivateFile.read(other.file("generation"), limit: 9) == Array("2".utf8))
        #expect(try PrivateFile.read(other.file("audit.log"), limit: 9) == Array("lately\n".utf8))
        #expect(try SecretKey.load(from: other).bytes == SecretKey.load(from: directory).bytes)
    }

    @Test("a file that asks for very much memory is refused")
    func memory() throws {
        let header = BackupFormat.header(parameters: [20, 32, 1, 0])
        try Data(header + Array(repeating: 0, count: 64)).write(to: URL(filePath: backup))
        #expect(throws: BackupError.damaged) { try restore() }
    }

    @Test("a short passphrase is refused")
    func weak() throws {
        #expect(throws: BackupError.weakPassphrase) {
            try StateBackup.write(directory, to: backup, passphrase: "sesame")
        }
    }
}
