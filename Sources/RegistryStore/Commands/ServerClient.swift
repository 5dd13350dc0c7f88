internal import Git
internal import Glibc
internal import JSON
public import Registry

/// Asks a running server on this machine, by its socket.
public struct ServerClient: Sendable {
    private let path: String

    /// The server whose socket is at `path`.
    public init(socket path: String) { self.path = path }

    /// The server of the registry in this working tree.
    public init(registry path: String) throws(StoreOpeningError) {
        do {
            let repository = try Repository(opening: path)
            self.path = try StorePlaces(of: repository, state: nil).socket
        } catch {
            throw StoreOpeningError(error, path: path)
        }
    }

    /// Asks a running server to reshard; see ``RegistryStore/reshard(to:isTrial:)``.
    ///
    /// - Returns: nil when no server answers there.
    public func reshard(
        to fanOut: [String: Int], isTrial: Bool
    ) throws(RegistryError) -> Resharding? {
        let parts = fanOut.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        let request = "reshard \(isTrial ? "trial" : "now")" + parts.joined()
        guard let answer = ask(request, seconds: 600) else { return nil }
        let json = try? JSONValue(parsing: Array(answer.utf8), options: .document)
        guard let done = json.flatMap(Resharding.init) else {
            let line = answer.split(separator: "\n").first ?? "no answer"
            throw .storage(reason: String(line.trimmingPrefix("error: ")))
        }
        return done
    }

    /// Has a running server judge a push, or take it in.
    ///
    /// - Parameter hook: ``ServerHook/preReceive`` or ``ServerHook/procReceive``.
    /// - Returns: nil when no server answers there.
    public func ask(_ hook: ServerHook, _ push: Push) -> PushAnswer? {
        let text = String(decoding: push.json.compactBytes(), as: UTF8.self)
        let answer = ask("\(hook.rawValue) \(text)", seconds: 3_600)
        let json = answer.flatMap { try? JSONValue(parsing: $0, options: .document) }
        return json.flatMap { PushAnswer(json: $0) }
    }

    /// Sends one line and waits so long for the whole answer.
    ///
    /// - Returns: nil when no server answers there.
    public func ask(_ request: String, seconds: Int = 10) -> String? {
        let connection = UnixSocket.open()
        guard connection >= 0 else { return nil }
        defer { Glibc.close(connection) }
        UnixSocket.setTimeout(of: connection, milliseconds: seconds * 1_000)
        guard let folder = UnixSocket.Folder(of: path),
            folder.withAddress({ connect(connection, $0, $1) }) == 0,
            (try? FileSystem.write(Array("\(request)\n".utf8), to: connection, path)) != nil,
            let answer = UnixSocket.read(from: connection, limit: 16 << 20)
        else { return nil }
        return String(decoding: answer, as: UTF8.self)
    }
}
