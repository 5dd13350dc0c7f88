internal import Git
internal import Glibc
internal import Logging

/// Where the hooks and commands of this machine reach the running server: a Unix socket that only
/// the server's user can open.
///
/// A request is one line, a word and what belongs to it; an answer is text up to the end of the
/// connection.
final class CommandSocket: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Listens at `path`; nil, with a word in the log, where that cannot be.
    init?(path: String, logger: Logger) {
        self.path = path
        unlink(path)
        descriptor = UnixSocket.open()
        let folder = UnixSocket.Folder(of: path)
        guard descriptor >= 0, let folder,
            folder.withAddress({ bind(descriptor, $0, $1) }) == 0,
            chmod(path, 0o600) == 0, listen(descriptor, 16) == 0,
            fcntl(descriptor, F_SETFL, O_NONBLOCK) == 0
        else {
            logger.error(
                "The socket for hooks and commands cannot be opened.",
                metadata: [
                    "path": "\(path)", "error": "\(FileError("listen"))",
                ])
            if descriptor >= 0 { Glibc.close(descriptor) }
            return nil
        }
    }

    deinit {
        Glibc.close(descriptor)
        unlink(path)
    }

    /// The next request, with the connection to answer on; nil when none comes in time.
    func next(waiting duration: Duration) -> (request: String, connection: Int32)? {
        var events = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        let milliseconds = duration.components.attoseconds / 1_000_000_000_000_000
        guard poll(&events, 1, Int32(truncatingIfNeeded: milliseconds)) > 0 else { return nil }
        let connection = accept(descriptor, nil, nil)
        guard connection >= 0, fcntl(connection, F_SETFD, FD_CLOEXEC) == 0 else { return nil }
        UnixSocket.setTimeout(of: connection, milliseconds: 500)
        guard let line = UnixSocket.readLine(from: connection) else {
            Glibc.close(connection)
            return nil
        }
        return (line, connection)
    }

    /// Ends a request.
    func answer(_ text: String, on connection: Int32) {
        try? FileSystem.write(Array(text.utf8), to: connection, path)
        Glibc.close(connection)
    }
}

/// Sockets by a path of any length.
enum UnixSocket {
    /// The folder of a socket, open.
    ///
    /// The address of a socket holds 108 bytes; by way of the open folder every path is short.
    final class Folder {
        private let descriptor: Int32
        private let name: String

        init?(of path: String) {
            guard let slash = path.lastSlash else { return nil }
            let opened = Glibc.open(String(path[..<slash]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
            guard opened >= 0 else { return nil }
            descriptor = opened
            name = String(path[path.utf8.index(after: slash)...])
        }

        deinit { Glibc.close(descriptor) }

        func withAddress(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            let path = Array("/proc/self/fd/\(descriptor)/\(name)".utf8)
            guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { return -1 }
            withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
            return withUnsafePointer(to: address) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
    }

    static func open() -> Int32 {
        socket(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    }

    static func setTimeout(of connection: Int32, milliseconds: Int) {
        var time = timeval(
            tv_sec: milliseconds / 1000, tv_usec: suseconds_t(milliseconds % 1000 * 1000))
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(connection, SOL_SOCKET, SO_RCVTIMEO, &time, size)
        setsockopt(connection, SOL_SOCKET, SO_SNDTIMEO, &time, size)
    }

    /// One line of at most 4 MiB, without its end.
    static func readLine(from connection: Int32) -> String? {
        let bytes = read(from: connection, limit: 4 << 20) { $0.last == UInt8(ascii: "\n") }
        guard let bytes, bytes.last == UInt8(ascii: "\n") else { return nil }
        return String(decoding: bytes.dropLast(), as: UTF8.self)
    }

    /// Reads to the end of the connection, or until `isEnough`.
    static func read(
        from connection: Int32, limit: Int, until isEnough: ([UInt8]) -> Bool = { _ in false }
    ) -> [UInt8]? {
        var bytes: [UInt8] = []
        while !isEnough(bytes), bytes.count < limit {
            let count = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { buffer in
                let count = Glibc.read(connection, buffer.baseAddress, 4096)
                if count > 0 { bytes.append(contentsOf: buffer[..<count]) }
                return count
            }
            if count < 0 { return nil }
            if count == 0 { break }
        }
        return bytes
    }
}
