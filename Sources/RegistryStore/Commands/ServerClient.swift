internal import Git
internal import Glibc

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

    /// Sends one line and waits for the whole answer.
    ///
    /// - Returns: nil when no server answers there.
    public func ask(_ request: String) -> String? {
        let connection = UnixSocket.open()
        guard connection >= 0 else { return nil }
        defer { Glibc.close(connection) }
        UnixSocket.setTimeout(of: connection, milliseconds: 10_000)
        guard let folder = UnixSocket.Folder(of: path),
            folder.withAddress({ connect(connection, $0, $1) }) == 0,
            (try? FileSystem.write(Array("\(request)\n".utf8), to: connection, path)) != nil,
            let answer = UnixSocket.read(from: connection, limit: 16 << 20)
        else { return nil }
        return String(decoding: answer, as: UTF8.self)
    }
}
