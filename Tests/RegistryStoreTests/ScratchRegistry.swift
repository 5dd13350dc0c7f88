import Foundation
import JSON
import Logging
import Registry
import Testing

@testable import RegistryStore

/// A new registry in a folder of its own, removed with it.
final class ScratchRegistry: Sendable {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "muster-\(UUID().uuidString)"
        try RegistryStore.createRegistry(
            at: path,
            files: [("registry.json", RegistrySettings().canonicalBytes())],
            author: .anonymous, message: "Begin a registry")
    }

    init(cloning other: ScratchRegistry) throws {
        path = other.path + "-clone"
        try other.git("clone", "-q", other.path, path)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Opens the registry, once a store that was dropped has let go of it.
    func open(
        readOnly: Bool = false, committedOnly: Bool = false
    ) async throws -> RegistryStore {
        let options = StoreOptions(
            repository: path, readOnly: readOnly, committedOnly: committedOnly,
            executablePath: "/bin/true")
        for _ in 0..<100 {
            do {
                return try await openNow(options)
            } catch StoreOpeningError.locked {
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        return try await openNow(options)
    }

    /// Opens the registry, with what was edited before.
    func openNow(_ options: StoreOptions) async throws -> RegistryStore {
        let store = try await RegistryStore.open(
            options, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        await store.scanWorkingTree()
        return store
    }

    /// Runs git in the working tree and gives what it printed.
    ///
    /// As a person would: again, when another git holds its index just then.
    @discardableResult
    func git(_ arguments: String..., allowFailure: Bool = false) throws -> String {
        var (status, text) = try run(arguments)
        for _ in 0..<20 where status != 0 && text.contains("index.lock': File exists") {
            Thread.sleep(forTimeInterval: 0.05)
            (status, text) = try run(arguments)
        }
        if status != 0, !allowFailure {
            throw GitFailure(command: arguments.joined(separator: " "), output: text)
        }
        return text
    }

    /// Runs git as if it were another time, in seconds since 1970.
    func git(asOf seconds: Int, _ arguments: String...) throws {
        let times = ["GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"].map { "\($0)=@\(seconds) +0000" }
        let (status, text) = try run(arguments, times)
        if status != 0 {
            throw GitFailure(command: arguments.joined(separator: " "), output: text)
        }
    }

    private func run(
        _ arguments: [String], _ environment: [String] = []
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let people = ["user.name=Ada", "user.email=ada@example.org"].flatMap { ["-c", $0] }
        process.arguments = environment + ["git", "-C", path] + people + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        return (process.terminationStatus, text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    struct GitFailure: Error {
        let command: String
        let output: String
    }

    /// Commits files in a clone and fetches the commit, which no branch here has then.
    ///
    /// - Parameters:
    ///   - files: nil removes one.
    ///   - alone: whether it has no parent.
    func commitElsewhere(
        _ files: [(path: String, text: String?)], alone: Bool = false
    ) throws -> Revision {
        let clone = "\(path)-clone"
        try? FileManager.default.removeItem(atPath: clone)
        defer { try? FileManager.default.removeItem(atPath: clone) }
        try git("clone", "--quiet", path, clone)
        if alone { try git("-C", clone, "checkout", "--quiet", "--orphan", "alone") }
        for (file, text) in files {
            let target = URL(filePath: "\(clone)/\(file)")
            guard let text else {
                try FileManager.default.removeItem(at: target)
                continue
            }
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: target)
        }
        try git("-C", clone, "add", "--all")
        try git("-C", clone, "commit", "--quiet", "--message", "made elsewhere")
        try git("fetch", "--quiet", clone, "HEAD")
        return try #require(Revision(hex: git("rev-parse", "FETCH_HEAD")))
    }

    func read(_ file: String) -> String? {
        FileManager.default.contents(atPath: "\(path)/\(file)").map {
            String(decoding: $0, as: UTF8.self)
        }
    }

    func write(_ file: String, _ text: String) throws {
        let target = "\(path)/\(file)"
        try FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true)
        try text.write(toFile: target, atomically: false, encoding: .utf8)
    }

    func removeFile(_ file: String) throws {
        try FileManager.default.removeItem(atPath: "\(path)/\(file)")
    }

    /// Shortens a file, as a power cut does.
    func cut(_ file: String, to length: Int) throws {
        let whole = FileManager.default.contents(atPath: "\(path)/\(file)") ?? Data()
        try removeFile(file)
        try whole.prefix(length).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
    }

    /// Lets a file look as if it had not been written since before the machine was started.
    func age(_ file: String) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_000_000_000)],
            ofItemAtPath: "\(path)/\(file)")
    }

    /// The first file below a folder whose path ends like that.
    func find(_ suffix: String, in folder: String) throws -> String? {
        try FileManager.default.subpathsOfDirectory(atPath: "\(path)/\(folder)")
            .first { $0.hasSuffix(suffix) }.map { "\(folder)/\($0)" }
    }

    /// The file of the pack that holds an object.
    func pack(with object: String, _ suffix: String) throws -> String {
        let folder = ".git/objects/pack"
        let names = try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")
        for name in names where name.hasSuffix(".idx") {
            let listed = try git("verify-pack", "-v", "\(folder)/\(name)")
            if listed.contains(object) { return "\(folder)/\(name.dropLast(3))\(suffix)" }
        }
        throw GitFailure(command: "verify-pack", output: "no pack holds \(object)")
    }

    func names(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")
    }

    var packCount: Int { get throws { try packFiles("pack").count } }

    var indexesWithoutPack: Int {
        get throws { try packFiles("idx").subtracting(packFiles("pack")).count }
    }

    /// The names without suffix of the pack folder's files of one kind.
    private func packFiles(_ suffix: String) throws -> Set<String> {
        let names = try FileManager.default.contentsOfDirectory(
            atPath: "\(path)/.git/objects/pack")
        return Set(
            names.filter { $0.hasSuffix(".\(suffix)") }
                .map { String($0.dropLast(suffix.count + 1)) })
    }

    var commits: Int { get throws { try Int(git("rev-list", "--count", "HEAD")) ?? -1 } }

    /// What git itself finds wrong: nothing.
    func judge(sourceLocation: SourceLocation = #_sourceLocation) throws {
        #expect(try git("status", "--porcelain") == "", sourceLocation: sourceLocation)
        #expect(
            try git("fsck", "--strict", "--no-progress", "--no-dangling") == "",
            sourceLocation: sourceLocation)
    }
}

/// Documents for tests.
enum Sample {
    static func key(_ uid: String) throws -> DocumentKey {
        DocumentKey(.grafanaDashboards, try #require(DocumentID(uid)))
    }

    static func path(_ uid: String) -> String { "grafana_dashboards/\(uid).json" }

    static func dashboard(_ uid: String, _ members: JSONObject) throws -> PreparedDocument {
        try PreparedDocument(key(uid), bytes: JSONValue.object(members).canonicalBytes())
    }

    static func text(_ members: JSONObject) -> String {
        String(decoding: JSONValue.object(members).canonicalBytes(), as: UTF8.self)
    }
}

extension RegistryStore {
    /// Writes one dashboard, whatever was there.
    @discardableResult
    func put(_ uid: String, _ members: JSONObject) async throws -> Committed<String> {
        let document = try Sample.dashboard(uid, members)
        return try await submit(
            Transaction(author: .anonymous) { _ throws(RegistryError) in
                Edit([.put(document)], subject: "\(document.key): put", answer: uid)
            })
    }

    /// Writes a dashboard that must not exist yet.
    func create(_ uid: String) async throws -> Committed<String> {
        let document = try Sample.dashboard(uid, ["title": .text(uid)])
        return try await submit(
            Transaction(author: .anonymous) { snapshot throws(RegistryError) in
                guard snapshot[document.key] == nil else { throw .exists(document.key) }
                return Edit([.put(document)], subject: "\(document.key): create", answer: uid)
            })
    }

    @discardableResult
    func remove(_ uid: String) async throws -> Committed<String> {
        let key = try Sample.key(uid)
        return try await submit(
            Transaction(author: .anonymous) { _ throws(RegistryError) in
                Edit([.remove(key)], subject: "\(key): remove", answer: uid)
            })
    }

    nonisolated func title(_ uid: String) throws -> String? {
        try index.current[Sample.key(uid)].flatMap { stored in
            try JSONValue(parsing: stored.bytes, options: .document)["title"]?.text
        }
    }
}

/// Runs the store's background work while `body` does something.
func whileRunning(_ store: RegistryStore, _ body: () async throws -> Void) async throws {
    try await withThrowingTaskGroup { group in
        group.addTask { await store.run() }
        try await body()
        group.cancelAll()
    }
}

/// Waits up to five seconds for something that another thread brings about.
func eventually(
    sourceLocation: SourceLocation = #_sourceLocation, _ condition: () throws -> Bool
) async throws {
    for _ in 0..<1000 {
        if try condition() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    Issue.record("did not come about within twenty seconds", sourceLocation: sourceLocation)
}
