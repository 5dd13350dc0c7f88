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
        /// Where the value is that best names the container: of `title`, `name`, `uid` or `id`.
        var label: Range<Int>?
    }

    /// The containers by the line they open on.
    private(set) var containers: [Int: Container] = [:]
    private var ranks: [Int: Int] = [:]

    init(_ lines: TextLines) {
        var open: [Int] = []
        for (number, range) in lines.ranges.enumerated() {
            let first = lines.firstMark(of: range)
            guard first < range.upperBound else { continue }
            if Self.isClosing(lines.bytes[first]) {
                if let line = open.popLast() { containers[line]?.close = number }
                continue
            }
            if let parent = open.last {
                containers[parent]?.childCount += 1
                notice(lines, first..<range.upperBound, in: parent)
            }
            let last = lines.bytes[range.upperBound - 1]
            guard last == UInt8(ascii: "{") || last == UInt8(ascii: "[") else { continue }
            containers[number] = Container(
                close: lines.ranges.count, depth: open.count, childCount: 0,
                isArray: last == UInt8(ascii: "["), label: nil)
            open.append(number)
        }
    }

    /// The members that name a container, best first.
    private static let labels = ["title", "name", "uid", "id"].map { Array("\"\($0)\": \"".utf8) }

    /// Keeps the value of a member that names its container better than what was found before.
    private mutating func notice(_ lines: TextLines, _ member: Range<Int>, in parent: Int) {
        let text = lines.bytes[member]
        let rank = Self.labels.firstIndex { text.starts(with: $0) }
        guard let rank, rank < ranks[parent, default: Self.labels.count] else { return }
        let start = member.lowerBound + Self.labels[rank].count
        let end = lines.bytes[start..<member.upperBound].lastIndex(of: UInt8(ascii: "\""))
        guard let end, end > start else { return }
        ranks[parent] = rank
        containers[parent]?.label = start..<end
    }

    private static func isClosing(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "}") || byte == UInt8(ascii: "]")
    }
}
