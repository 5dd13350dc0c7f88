import Glibc
import Testing

/// A TCP connection that sends exactly the bytes it is told to, at the time it is told.
///
/// It never blocks a thread: the server under test runs on the same ones.
final class RawConnection: Sendable {
    private let descriptor: Int32

    init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port)).bigEndian
        inet_pton(AF_INET, "127.0.0.1", &address.sin_addr)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(status == 0)
    }

    deinit { close(descriptor) }

    /// Sends text; false when the other end has closed.
    @discardableResult
    func send(_ text: String) async throws -> Bool { try await send(Array(text.utf8)) }

    @discardableResult
    func send(_ bytes: [UInt8]) async throws -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(
                    descriptor, $0.baseAddress, $0.count,
                    Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
            }
            if count >= 0 {
                sent += count
            } else if errno == EAGAIN {
                try await Task.sleep(for: .milliseconds(1))
            } else {
                return false
            }
        }
        return true
    }

    /// Ends this side's stream.
    func finish() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// How many bytes arrive until the other end closes.
    func readCount() async throws -> Int {
        var total = 0
        var buffer = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                total += count
            } else if count == 0 || errno != EAGAIN {
                return total
            } else {
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    /// What arrives until it holds `marker` or the other end closes.
    func read(until marker: String? = nil, timeout: Duration = .seconds(10)) async throws -> String
    {
        let deadline = ContinuousClock.now + timeout
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while ContinuousClock.now < deadline {
            let count = recv(descriptor, &buffer, buffer.count, Int32(MSG_DONTWAIT))
            if count > 0 {
                bytes.append(contentsOf: buffer[..<count])
                let text = String(decoding: bytes, as: UTF8.self)
                if let marker, text.contains(marker) { return text }
            } else if count == 0 || errno != EAGAIN {
                return String(decoding: bytes, as: UTF8.self)
            } else {
                try await Task.sleep(for: .milliseconds(2))
            }
        }
        Issue.record("Nothing more came within \(timeout); so far: \(bytes.count) bytes.")
        return String(decoding: bytes, as: UTF8.self)
    }
}
