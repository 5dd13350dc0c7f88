/// A unified diff as HTML.
enum DiffMarkup {
    private static let lineCount = 1_000
    private static let lineLimit = 2_000

    /// The diff's first thousand lines, with removed and added ones as `del` and `ins`.
    static func html(_ diff: String) -> String {
        let lines = TextLines(Array(diff.utf8))
        var html = ""
        for range in lines.ranges.prefix(lineCount) {
            let text = lines.html(lines.prefix(of: range, limit: lineLimit))
            switch range.isEmpty ? nil : lines.bytes[range.lowerBound] {
            case _ where isHeader(lines, range): html += "<span class=\"c\">\(text)</span>\n"
            case UInt8(ascii: "+"): html += "<ins>\(text)</ins>\n"
            case UInt8(ascii: "-"): html += "<del>\(text)</del>\n"
            default: html += text + "\n"
            }
        }
        let rest = lines.ranges.count - lineCount
        if rest > 0 {
            html += "<span class=\"cut\">… \(Quantity.count(rest, "more line"))</span>\n"
        }
        return html
    }

    private static func isHeader(_ lines: TextLines, _ range: Range<Int>) -> Bool {
        ["@@ ", "+++ ", "--- ", "diff ", "index "].contains {
            lines.bytes[range].starts(with: $0.utf8)
        }
    }
}
