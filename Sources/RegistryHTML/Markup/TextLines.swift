/// UTF-8 text as ranges of bytes, one per line, without the newlines.
struct TextLines {
    let bytes: [UInt8]
    let ranges: [Range<Int>]

    init(_ bytes: [UInt8]) {
        var ranges: [Range<Int>] = []
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            ranges.append(start..<index)
            start = index + 1
        }
        if start < bytes.count { ranges.append(start..<bytes.count) }
        self.bytes = bytes
        self.ranges = ranges
    }

    /// A part of the text as HTML.
    func html(_ range: Range<Int>) -> String {
        VisibleHTML.escape(String(decoding: bytes[range], as: UTF8.self))
    }

    /// At most `limit` bytes from the front of `range`, ending where a character does.
    func prefix(of range: Range<Int>, limit: Int) -> Range<Int> {
        guard range.count > limit else { return range }
        var end = range.lowerBound + limit
        while end > range.lowerBound, bytes[end] & 0xC0 == 0x80 { end -= 1 }
        return range.lowerBound..<end
    }

    /// Where the first byte after leading spaces is; the end when there is none.
    func firstMark(of range: Range<Int>) -> Int {
        bytes[range].firstIndex { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: "\t") }
            ?? range.upperBound
    }
}
