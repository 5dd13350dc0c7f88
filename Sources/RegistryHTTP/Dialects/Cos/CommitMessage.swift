import HTTPTypes

extension HTTPFields {
    /// The lines that the client wants in the commit message (`X-Commit-Message`), at most 4 KiB.
    ///
    /// Control characters are taken out, which leaves one line. A line that git would take for a
    /// trailer (`Signed-off-by: ...`), or that would hide those behind it (`---`), becomes an item of
    /// a list, so that trailers are the server's own.
    var commitMessage: String? {
        guard let field = self[.commitMessage] else { return nil }
        var text = ""
        for scalar in field.unicodeScalars where !isControl(scalar) {
            guard text.utf8.count + UTF8.width(scalar) <= 4096 else { break }
            text.unicodeScalars.append(scalar)
        }
        let line = text.drop { $0 == " " }
        if line.isEmpty { return nil }
        return looksLikeTrailer(line) ? "- " + line : String(line)
    }
}

/// Whether git could read a line as `Token: value`, as a note of its own, or as the end of the
/// message (git-interpret-trailers(1)).
private func looksLikeTrailer(_ line: Substring) -> Bool {
    if line.hasPrefix("(cherry picked from commit ") || line.hasPrefix("---") { return true }
    let token = line.utf8.prefix { isTokenByte($0) }
    let rest = line.utf8.dropFirst(token.count).drop { $0 == UInt8(ascii: " ") }
    return rest.first == UInt8(ascii: ":")
}

private func isTokenByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
        true
    default: false
    }
}

/// C0 and C1 controls, and the line and paragraph separators.
private func isControl(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
    default: false
    }
}

extension HTTPField.Name {
    static let commitMessage = knownName("X-Commit-Message")
}
