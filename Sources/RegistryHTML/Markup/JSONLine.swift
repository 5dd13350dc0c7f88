/// One line of JSON with its tokens marked: `k` keys, `s` strings, `n` numbers, `l` literals.
struct JSONLine {
    private(set) var html = ""

    private let bytes: [UInt8]
    private let end: Int

    init(_ lines: TextLines, _ range: Range<Int>) {
        bytes = lines.bytes
        end = range.upperBound
        var position = range.lowerBound
        while position < end {
            let token = token(at: position)
            let text = lines.html(position..<token.end)
            html += token.mark.map { "<span class=\"\($0)\">\(text)</span>" } ?? text
            position = token.end
        }
    }

    /// The token that begins at a position: a string, a word, or what lies before the next.
    private func token(at start: Int) -> (mark: String?, end: Int) {
        let first = bytes[start]
        if first == UInt8(ascii: "\"") {
            let end = endOfString(from: start)
            let isKey = end < self.end && bytes[end] == UInt8(ascii: ":")
            return (isKey ? "k" : "s", end)
        }
        if Self.isWord(first) {
            let isLetter = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
            return (isLetter ? "l" : "n", firstIndex(from: start) { !Self.isWord($0) })
        }
        return (nil, firstIndex(from: start) { $0 == UInt8(ascii: "\"") || Self.isWord($0) })
    }

    private func firstIndex(from start: Int, where isWanted: (UInt8) -> Bool) -> Int {
        bytes[start..<end].firstIndex(where: isWanted) ?? end
    }

    /// The position after the closing quote, or the end of the line without one.
    private func endOfString(from start: Int) -> Int {
        var position = start + 1
        while position < end {
            switch bytes[position] {
            case UInt8(ascii: "\""): return position + 1
            case UInt8(ascii: "\\"): position += 2
            default: position += 1
            }
        }
        return end
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
