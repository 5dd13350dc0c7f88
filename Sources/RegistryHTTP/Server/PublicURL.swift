/// An absolute `http` or `https` address without query, as `--public-url` gives it.
public struct PublicURL: Hashable, Sendable, CustomStringConvertible {
    /// `http` or `https`.
    public let scheme: String
    /// Host and, where it is not the scheme's own, port.
    public let authority: Authority
    /// Empty, or from a slash on without a final one.
    public let path: String

    /// Reads `https://registry.example.org/path/`; nil when it is something else.
    public init?(_ text: String) {
        let scheme = ["https", "http"].first { text.lowercased().hasPrefix($0 + "://") }
        guard let scheme else { return nil }
        let rest = text.utf8.dropFirst(scheme.utf8.count + 3)
        guard !rest.contains(where: { $0 == UInt8(ascii: "?") || $0 == UInt8(ascii: "#") }) else {
            return nil
        }
        let end = rest.firstIndex(of: UInt8(ascii: "/")) ?? rest.endIndex
        guard let authority = Authority(String(decoding: rest[..<end], as: UTF8.self)) else {
            return nil
        }
        self.scheme = scheme
        self.authority = authority
        path = Self.normalized(path: String(decoding: rest[end...], as: UTF8.self))
    }

    public var description: String { "\(scheme)://\(authority)\(path)" }

    /// `/a/b` of `a/b/`, `/a/b` or `a/b`; empty of `/`.
    static func normalized(path: String) -> String {
        path.split(separator: "/").map { "/" + $0 }.joined()
    }
}

/// A host and an optional port, as `Host` carries them (RFC 9110, section 7.2).
public struct Authority: Hashable, Sendable, CustomStringConvertible {
    /// As written; an IPv6 address keeps its brackets.
    public let host: String
    public let port: Int?

    /// Reads `name`, `name:8443`, `192.0.2.1` or `[::1]:8000`; nil where no host is written so.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        let end: Int
        if bytes.first == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close > 1 else { return nil }
            guard bytes[1..<close].allSatisfy(Self.isAddressByte) else { return nil }
            end = close + 1
        } else {
            end = bytes.firstIndex(of: UInt8(ascii: ":")) ?? bytes.count
            guard end > 0, bytes[..<end].allSatisfy(Self.isNameByte) else { return nil }
        }
        host = String(decoding: bytes[..<end], as: UTF8.self)
        guard end < bytes.count else {
            port = nil
            return
        }
        let digits = bytes[(end + 1)...]
        guard bytes[end] == UInt8(ascii: ":"), digits.allSatisfy({ (48...57).contains($0) }),
            let number = Int(String(decoding: digits, as: UTF8.self)), number <= 65_535
        else { return nil }
        port = number
    }

    public var description: String { port.map { "\(host):\($0)" } ?? host }

    /// The host as names are compared: lower case, without a final dot.
    var comparableHost: String {
        let name = host.lowercased()
        return name.utf8.last == UInt8(ascii: ".") ? String(name.dropLast()) : name
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        isNameByte(byte) || byte == UInt8(ascii: ":")
    }
}
