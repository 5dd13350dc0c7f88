/// One line of JSON with its tokens marked: `k` keys, `s` strings, `n` numbers, `l` literals.
struct JSONLine {
    private(set) var html = ""

    init(_ lines: TextLines, _ range: Range<Int>) {
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = lines.bytes[position]
            let end: Int
            var mark: String?
            if byte == UInt8(ascii: "\"") {
                end = Self.endOfString(lines.bytes, position, range.upperBound)
                let isKey = end < range.upperBound && lines.bytes[end] == UInt8(ascii: ":")
                mark = isKey ? "k" : "s"
            } else if Self.isWord(byte) {
                end =
                    lines.bytes[position..<range.upperBound].firstIndex { !Self.isWord($0) }
                    ?? range.upperBound
                let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                mark = isLetter ? "l" : "n"
            } else {
                let rest = lines.bytes[position..<range.upperBound]
                end =
                    rest.firstIndex { $0 == UInt8(ascii: "\"") || Self.isWord($0) }
                    ?? range.upperBound
            }
            let text = lines.html(position..<end)
            html += mark.map { "<span class=\"\($0)\">\(text)</span>" } ?? text
            position = end
        }
    }

    /// The position after the closing quote, or the end of the line without one.
    private static func endOfString(_ bytes: [UInt8], _ start: Int, _ limit: Int) -> Int {
        var position = start + 1
        while position < limit {
            switch bytes[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return limit
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "+"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }
}
