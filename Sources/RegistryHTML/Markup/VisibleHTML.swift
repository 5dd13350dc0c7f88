import Mustache

/// Escapes text for HTML and makes what has no glyph visible.
///
/// The library's own escaping goes by `Character`, so a quote with a combining mark after it
/// passes and ends an attribute; this goes by scalar. Every template names it in a pragma.
struct VisibleHTML: MustacheContentType {
    /// The name templates use.
    static let name = "VISIBLE_HTML"

    func escapeText(_ text: String) -> String { Self.escape(text) }

    /// The text as HTML, fit for elements and quoted attributes.
    static func escape(_ text: some StringProtocol) -> String {
        if text.utf8.allSatisfy(isPlain) { return String(text) }
        var html = ""
        html.reserveCapacity(text.utf8.count + 32)
        var previousIsReturn = false
        for scalar in text.unicodeScalars {
            if previousIsReturn, scalar != "\n" { html += "␍" }
            previousIsReturn = scalar == "\r"
            if !previousIsReturn { append(scalar, to: &html) }
        }
        if previousIsReturn { html += "␍" }
        return html
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x22, 0x26, 0x27, 0x3C, 0x3E: false
        case 0x09, 0x0A, 0x20..<0x7F: true
        default: false
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to html: inout String) {
        switch scalar {
        case "<": html += "&lt;"
        case ">": html += "&gt;"
        case "&": html += "&amp;"
        case "\"": html += "&quot;"
        case "'": html += "&#39;"
        case "\t", "\n": html.unicodeScalars.append(scalar)
        case "\u{00}"..."\u{1F}": appendPicture(0x2400 + scalar.value, to: &html)
        case "\u{7F}": appendPicture(0x2421, to: &html)
        case _ where isInvisible(scalar):
            let digits = String(scalar.value, radix: 16, uppercase: true)
            html += "‹U+" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            html += "›"
        default: html.unicodeScalars.append(scalar)
        }
    }

    private static func appendPicture(_ value: UInt32, to html: inout String) {
        if let picture = Unicode.Scalar(value) { html.unicodeScalars.append(picture) }
    }

    /// Whether a scalar only steers others (directions, tags) or shows as nothing.
    ///
    /// Joiners (U+200C, U+200D) stay: scripts and emoji need them.
    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x80...0x9F, 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E,
            0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}
