/// A three-way merge of texts, line by line (diff3).
///
/// Changes of both sides to the same lines, or to lines that touch, conflict unless they are alike.
struct LineMerge {
    /// Lines that the merge has settled, or those of both sides where it has not.
    enum Piece {
        case settled([Int])
        case conflict(ours: [Int], theirs: [Int])
    }

    private(set) var pieces: [Piece] = []
    private var table = LineTable()

    init(base: [UInt8], ours: [UInt8], theirs: [UInt8]) {
        let base = table.numbers(of: base)
        let ours = table.numbers(of: ours)
        let theirs = table.numbers(of: theirs)
        var left = Side(lines: ours, changesFrom: base)
        var right = Side(lines: theirs, changesFrom: base)
        var place = 0
        while let start = [left.nextStart, right.nextStart].compactMap(\.self).min() {
            settle(base[place..<start])
            var end = start
            // Each side's changes may reach into the next of the other.
            while left.takeChange(upTo: end, &end) || right.takeChange(upTo: end, &end) {}
            join(
                base[start..<end], left.lines(for: start..<end), right.lines(for: start..<end))
            place = end
        }
        settle(base[place...])
    }

    /// Two whole texts, with a conflict at each difference.
    init(ours: [UInt8], theirs: [UInt8]) {
        let ours = table.numbers(of: ours)
        let theirs = table.numbers(of: theirs)
        var place = 0
        for change in LineComparison(from: ours, to: theirs).changes {
            settle(ours[place..<change.old.lowerBound])
            pieces.append(
                .conflict(ours: Array(ours[change.old]), theirs: Array(theirs[change.new])))
            place = change.old.upperBound
        }
        settle(ours[place...])
    }

    var isClean: Bool {
        pieces.allSatisfy { if case .settled = $0 { true } else { false } }
    }

    /// The text with this side's lines at each conflict.
    func bytes(taking side: MergeConflict.Side) -> [UInt8] {
        var lines: [Int] = []
        for piece in pieces {
            switch piece {
            case .settled(let settled): lines += settled
            case .conflict(let ours, let theirs): lines += side == .ours ? ours : theirs
            }
        }
        return table.bytes(of: lines)
    }

    /// The text with git's conflict marks.
    func markedBytes(_ marks: ConflictMarks) -> [UInt8] {
        var bytes: [UInt8] = []
        for piece in pieces {
            switch piece {
            case .settled(let settled): bytes += table.bytes(of: settled)
            case .conflict(let ours, let theirs):
                marks.write(
                    ours: table.bytes(of: ours), theirs: table.bytes(of: theirs), to: &bytes)
            }
        }
        return bytes
    }

    private mutating func settle(_ lines: some Swift.Collection<Int>) {
        if !lines.isEmpty { pieces.append(.settled(Array(lines))) }
    }

    private mutating func join(_ base: ArraySlice<Int>, _ ours: [Int], _ theirs: [Int]) {
        if ours == theirs || base.elementsEqual(theirs) { return settle(ours) }
        if base.elementsEqual(ours) { return settle(theirs) }
        let (start, end) = commonEnds(ours, theirs)
        settle(ours[..<start])
        pieces.append(
            .conflict(
                ours: Array(ours[start..<ours.count - end]),
                theirs: Array(theirs[start..<theirs.count - end])))
        settle(ours[(ours.count - end)...])
    }

    /// How many lines both begin, and end, with.
    private func commonEnds(_ left: [Int], _ right: [Int]) -> (start: Int, end: Int) {
        let shorter = min(left.count, right.count)
        let start = zip(left, right).prefix { $0 == $1 }.count
        let end = zip(left.reversed(), right.reversed()).prefix { $0 == $1 }.count
        return (start, min(end, shorter - start))
    }
}

/// One side of a merge, whose changes are taken from the first to the last.
private struct Side {
    private let lines: [Int]
    private var changes: ArraySlice<LineChange>
    /// How many lines this side has more than the base, before and in the changes that were taken.
    private var offsets = (start: 0, end: 0)

    init(lines: [Int], changesFrom base: [Int]) {
        self.lines = lines
        changes = LineComparison(from: base, to: lines).changes[...]
    }

    /// Where in the base the next change begins.
    var nextStart: Int? { changes.first?.old.lowerBound }

    /// Takes the next change when it begins at or before `limit`, and says where it ends.
    mutating func takeChange(upTo limit: Int, _ end: inout Int) -> Bool {
        guard let change = changes.first, change.old.lowerBound <= limit else { return false }
        changes = changes.dropFirst()
        end = max(end, change.old.upperBound)
        offsets.end += change.new.count - change.old.count
        return true
    }

    /// This side's lines for lines of the base that hold whole changes, those taken last.
    mutating func lines(for base: Range<Int>) -> [Int] {
        defer { offsets.start = offsets.end }
        return Array(lines[base.lowerBound + offsets.start..<base.upperBound + offsets.end])
    }
}
