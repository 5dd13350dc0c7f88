import Registry

/// A page of this server to go on to: a path and a query that no browser takes for another host.
struct LocalPath: Hashable, Sendable, CustomStringConvertible {
    let description: String

    /// Takes `/devices/?q=x`; nil where `text` could lead elsewhere.
    ///
    /// Browsers take a second slash, or a backslash in its place, for the start of a host, and leave
    /// out tabs and line ends before they look (WHATWG URL, section 4.4).
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard (1...2_000).contains(bytes.count), bytes[0] == UInt8(ascii: "/"),
            bytes.count == 1 || bytes[1] != UInt8(ascii: "/"),
            bytes.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\\") })
        else { return nil }
        description = text
    }
}

extension PageCall {
    /// Where the browser is, so that it can come back; nil where no link leads here.
    var here: LocalPath? {
        var query = path.query.raw.split(separator: "&").map(String.init)
        if let at = context.at { query.append("at=\(percentEncoded(at))") }
        return LocalPath(path.raw + (query.isEmpty ? "" : "?" + query.joined(separator: "&")))
    }
}
