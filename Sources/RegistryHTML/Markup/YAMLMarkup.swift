/// A YAML file as HTML, lightly marked: keys, comments and what templates replace.
struct YAMLMarkup {
    private(set) var html = ""
    /// Whether the end is not shown.
    private(set) var isCut = false

    private static let budget = 256_000
    private let lines: TextLines

    init(_ text: String) {
        lines = TextLines(Array(text.utf8))
        var spent = 0
        for (number, range) in lines.ranges.enumerated() {
            spent += range.count + 1
            if spent > Self.budget {
                isCut = true
                let count = Quantity.count(lines.ranges.count - number, "more line")
                html += "<span class=\"cut\">… \(count)</span>\n"
                return
            }
            append(range)
            html += "\n"
        }
    }

    private mutating func append(_ range: Range<Int>) {
        let first = lines.firstMark(of: range)
        if first < range.upperBound, lines.bytes[first] == UInt8(ascii: "#") {
            html += "<span class=\"c\">\(lines.html(range))</span>"
            return
        }
        guard let key = keyRange(range, from: first) else { return appendValue(range) }
        html += lines.html(range.lowerBound..<key.lowerBound)
        html += "<span class=\"k\">\(lines.html(key))</span>"
        appendValue(key.upperBound..<range.upperBound)
    }

    /// The plain key a line begins with, after any dashes.
    private func keyRange(_ range: Range<Int>, from first: Int) -> Range<Int>? {
        let marks = [UInt8(ascii: "-"), UInt8(ascii: " ")]
        let start = lines.bytes[first..<range.upperBound].firstIndex { !marks.contains($0) }
        guard let start else { return nil }
        let end = lines.bytes[start..<range.upperBound].firstIndex { !Self.isKey($0) }
        guard let end, end > start, lines.bytes[end] == UInt8(ascii: ":") else { return nil }
        let isEnd = end + 1 == range.upperBound || lines.bytes[end + 1] == UInt8(ascii: " ")
        return isEnd ? start..<end : nil
    }

    /// Shows a value, with `%%name%%` and `{{ ... }}` marked.
    private mutating func appendValue(_ range: Range<Int>) {
        var plain = range.lowerBound
        var position = range.lowerBound
        while position + 1 < range.upperBound {
            guard let end = placeholderEnd(position, range.upperBound) else {
                position += 1
                continue
            }
            html += lines.html(plain..<position)
            html += "<span class=\"t\">\(lines.html(position..<end))</span>"
            plain = end
            position = end
        }
        html += lines.html(plain..<range.upperBound)
    }

    private func placeholderEnd(_ start: Int, _ limit: Int) -> Int? {
        let pairs = [
            (UInt8(ascii: "%"), UInt8(ascii: "%")), (UInt8(ascii: "{"), UInt8(ascii: "}")),
        ]
        for (opening, closing) in pairs
        where lines.bytes[start] == opening && lines.bytes[start + 1] == opening {
            // Placeholders are short; looking no further keeps a long line linear.
            let last = min(limit, start + 300)
            var position = start + 2
            while position + 1 < last {
                if lines.bytes[position] == closing, lines.bytes[position + 1] == closing {
                    return position + 2
                }
                position += 1
            }
        }
        return nil
    }

    private static func isKey(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
