import Registry

/// The path and query of a request as the client sent them: split first, then decoded.
///
/// So `%2F` is a character of a segment and no separator, and doubled and final slashes are seen.
public struct RawPath: Hashable, Sendable, CustomStringConvertible {
    /// What stands between two slashes.
    public struct Segment: Hashable, Sendable {
        /// As sent.
        public let raw: String
        /// Percent-decoded; nil where that is no UTF-8. An escape that is none stays as it is.
        public let text: String?

        init(_ raw: Substring) {
            self.raw = String(raw)
            text =
                raw.utf8.contains(UInt8(ascii: "%"))
                ? String(validating: percentDecoded(raw.utf8), as: UTF8.self) : self.raw
        }

        public static func == (left: Segment, right: Segment) -> Bool {
            left.raw.utf8.elementsEqual(right.raw.utf8)
        }
    }

    /// The path as sent, without query; it starts with a slash.
    public let raw: String
    /// `["a", "", "b", ""]` of `/a//b/`, `[""]` of `/`.
    public let segments: [Segment]
    public let query: RawQuery

    /// Takes the request target (RFC 9112, section 3.2) in its origin form.
    public init(target: String) {
        raw = Self.pathText(of: target)
        segments = raw.utf8.dropFirst()
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Segment(Substring($0)) }
        let query = target.utf8.drop { $0 != UInt8(ascii: "?") }.dropFirst()
        self.query = RawQuery(String(Substring(query)))
    }

    /// The path of a request target, without query.
    static func pathText(of target: String) -> String {
        let path = target.utf8.prefix { $0 != UInt8(ascii: "?") }
        let text = String(Substring(path))
        return path.first == UInt8(ascii: "/") ? text : "/" + text
    }

    /// Whether the path ends with a slash; `/` does.
    public var hasFinalSlash: Bool { raw.utf8.last == UInt8(ascii: "/") }

    /// The path as sent, without query.
    public var description: String { raw }
}

/// The bytes that percent-encoded text stands for; malformed escapes stand for themselves.
func percentDecoded(_ text: some Sequence<UInt8>) -> [UInt8] {
    let bytes = Array(text)
    guard bytes.contains(UInt8(ascii: "%")) else { return bytes }
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var place = 0
    while place < bytes.count {
        if bytes[place] == UInt8(ascii: "%"), place + 2 < bytes.count,
            let high = hexValue(bytes[place + 1]), let low = hexValue(bytes[place + 2])
        {
            decoded.append(high << 4 | low)
            place += 3
        } else {
            decoded.append(bytes[place])
            place += 1
        }
    }
    return decoded
}
