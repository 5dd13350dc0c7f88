import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import JSON
import Logging
import NIOCore
import Registry
import RegistryHTML
import RegistryStore
import Testing

@testable import RegistryHTTP
@testable import StateStore

/// The COS API and the pages over a new registry, in process; its folder goes with it.
final class ScratchCosServer: Sendable {
    let path: String
    let store: RegistryStore
    let services: Services

    /// - Parameter accounts: adds those who may come in; without it there are none.
    init(
        configuration: ServerConfiguration = ServerConfiguration(), policy: Policy? = nil,
        accounts: ((AccountStore) throws -> Void)? = nil
    ) async throws {
        path = NSTemporaryDirectory() + "muster-\(UUID().uuidString)"
        var files = [("registry.json", RegistrySettings().canonicalBytes())]
        if let policy { files.append((Policy.path, policy.canonicalBytes())) }
        try RegistryStore.createRegistry(
            at: path, files: files, author: .anonymous, message: "Begin a registry")
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        store = try await RegistryStore.open(
            StoreOptions(repository: path, executablePath: "/bin/true"), logger: logger)
        let state = try StateDirectory.open(store.stateDirectory)
        services = Services(
            store: store, signals: try SignalStore(in: state) { _ in },
            renderer: try PageRenderer(), configuration: configuration, logger: logger,
            answers: try AnswerStore(in: state),
            accounts: try AccountStore(in: state, hashing: .scrypt(log2: 4, r: 1, p: 1)))
        if let accounts, let store = services.accounts { try accounts(store) }
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPFields
        let body: String

        /// The body as JSON; null where it is none.
        var json: JSONValue {
            (try? JSONValue(parsing: Array(body.utf8), options: .api)) ?? .null
        }

        subscript(name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
    }

    /// Sends one request; a body is JSON unless `headers` say otherwise.
    @discardableResult
    func send(
        _ method: HTTPRequest.Method, _ uri: String, _ body: String? = nil,
        headers: HTTPFields = [:]
    ) async throws -> Answer {
        var headers = headers
        if body != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let fields = headers
        let application = try makeApplication(
            services: services,
            dialects: [
                CosDialect(services), NativeDialect(services),
                PagesDialect(services, clonePath: path),
            ])
        return try await application.test(.router) { client in
            let response = try await client.executeRequest(
                uri: uri, method: method, headers: fields,
                body: body.map { ByteBuffer(string: $0) })
            return Answer(
                status: response.status.code, headers: response.headers,
                body: String(buffer: response.body))
        }
    }

    /// Edits a file as a person would, and waits until the server has seen it.
    func edit(_ file: String, replacing old: String, by new: String) async throws {
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        try await edit(file, writing: text.replacingOccurrences(of: old, with: new))
    }

    /// Writes a file as a person would, and waits until the server has seen it.
    func edit(_ file: String, writing text: String) async throws {
        let target = "\(path)/\(file)"
        try FileManager.default.createDirectory(
            atPath: (target as NSString).deletingLastPathComponent,
            withIntermediateDirectories: true)
        try text.write(toFile: target, atomically: true, encoding: .utf8)
        try await withThrowingTaskGroup { group in
            group.addTask { await self.store.run() }
            for _ in 0..<250 where !store.status.uncommittedEdits.map(\.path).contains(file) {
                try await Task.sleep(for: .milliseconds(20))
            }
            group.cancelAll()
        }
    }

    /// The whole message of the newest commit, with its author before it.
    func newestCommit() throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", path, "log", "-1", "--format=%an <%ae>%n%B"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}

extension ScratchCosServer {
    /// Leaves of every answer that was kept only that its request had begun, as a crash would.
    func forgetAnswer() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c",
            "import sqlite3, sys; base = sqlite3.connect(sys.argv[1]); "
                + "base.execute('UPDATE answer SET status = NULL, body = NULL'); base.commit()",
            "\(store.stateDirectory)/answers.sqlite",
        ]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}
