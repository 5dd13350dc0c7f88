/// The difference of two texts as a unified diff without file names; empty where they are alike.
///
/// - Parameter lineLimit: how many lines of it are given; a last one says how many more there are.
public func unifiedDiff(
    from old: [UInt8], to new: [UInt8], lineLimit: Int = 20_000
) -> String {
    if old == new { return "" }
    var diff = UnifiedDiff(lineLimit: lineLimit)
    let oldLines = diff.table.numbers(of: old)
    let newLines = diff.table.numbers(of: new)
    let changes = LineComparison(from: oldLines, to: newLines).changes[...]
    var rest = changes
    while let first = rest.first {
        var hunk = [first]
        rest = rest.dropFirst()
        while let next = rest.first, let last = hunk.last,
            next.old.lowerBound - last.old.upperBound <= 2 * UnifiedDiff.context
        {
            hunk.append(next)
            rest = rest.dropFirst()
        }
        diff.write(hunk, oldLines, newLines)
    }
    return diff.finished()
}

/// Writes hunks.
private struct UnifiedDiff {
    /// How many lines are shown around those that changed.
    static let context = 3

    var table = LineTable()
    private let lineLimit: Int
    private var bytes: [UInt8] = []
    private var lineCount = 0

    init(lineLimit: Int) { self.lineLimit = lineLimit }

    func finished() -> String {
        var text = String(decoding: bytes, as: UTF8.self)
        if lineCount > lineLimit { text += "@@ \(lineCount - lineLimit) more lines @@\n" }
        return text
    }

    mutating func write(_ changes: [LineChange], _ old: [Int], _ new: [Int]) {
        guard let first = changes.first, let last = changes.last else { return }
        let before = min(Self.context, first.old.lowerBound)
        let after = min(Self.context, old.count - last.old.upperBound)
        writeHeader(
            old: first.old.lowerBound - before..<last.old.upperBound + after,
            new: first.new.lowerBound - before..<last.new.upperBound + after)
        var place = first.old.lowerBound - before
        for change in changes {
            for line in old[place..<change.old.lowerBound] { write(" ", line) }
            for line in old[change.old] { write("-", line) }
            for line in new[change.new] { write("+", line) }
            place = change.old.upperBound
        }
        for line in old[place..<place + after] { write(" ", line) }
    }

    /// `@@ -2,7 +2,7 @@`; an empty range is named by the line before it.
    private mutating func writeHeader(old: Range<Int>, new: Range<Int>) {
        func text(_ range: Range<Int>) -> String {
            "\(range.isEmpty ? range.lowerBound : range.lowerBound + 1),\(range.count)"
        }
        addLine("@@ -\(text(old)) +\(text(new)) @@\n".utf8)
    }

    private mutating func write(_ mark: String, _ line: Int) {
        let content = table.lines[line]
        addLine(Array(mark.utf8) + content)
        guard content.last != UInt8(ascii: "\n") else { return }
        addLine("\n\\ No newline at end of file\n".utf8)
    }

    private mutating func addLine(_ line: some Sequence<UInt8>) {
        lineCount += 1
        if lineCount <= lineLimit { bytes += line }
    }
}
