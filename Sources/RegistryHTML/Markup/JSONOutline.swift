/// Which lines of canonical JSON open a container, and where each closes.
///
/// Canonical text has one member per line, so brackets at the ends of lines tell the structure;
/// other text gets fewer folds and is otherwise shown alike.
struct JSONOutline {
    /// A container that begins on one line and ends on a later one.
    struct Container {
        var close: Int
        /// 0 for the document itself.
        var depth: Int
        var childCount: Int
        var isArray: Bool
    }

    /// The containers by the line they open on.
    private(set) var containers: [Int: Container] = [:]

    init(_ lines: TextLines) {
        var open: [Int] = []
        for (number, range) in lines.ranges.enumerated() {
            let first = lines.firstMark(of: range)
            guard first < range.upperBound else { continue }
            if Self.isClosing(lines.bytes[first]) {
                if let line = open.popLast() { containers[line]?.close = number }
                continue
            }
            if let parent = open.last { containers[parent]?.childCount += 1 }
            let last = lines.bytes[range.upperBound - 1]
            guard last == UInt8(ascii: "{") || last == UInt8(ascii: "[") else { continue }
            containers[number] = Container(
                close: lines.ranges.count, depth: open.count, childCount: 0,
                isArray: last == UInt8(ascii: "["))
            open.append(number)
        }
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }
}
