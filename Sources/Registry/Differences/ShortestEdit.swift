/// The shortest way from some lines to others (Myers, "An O(ND) Difference Algorithm", 1986).
struct ShortestEdit {
    /// The lines that stay, last first; nil when finding them would take too long.
    private(set) var kept: [CommonLine]?

    private let old: ArraySlice<Int>
    private let new: ArraySlice<Int>

    /// How many lines may differ, and how many steps may be taken.
    private static let distance = 500
    private static let steps = 20_000_000

    init(_ old: ArraySlice<Int>, _ new: ArraySlice<Int>) {
        (self.old, self.new) = (old, new)
        let limit = min(Self.distance, max(20, Self.steps / (old.count + new.count)))
        kept = trace(limit: limit).map(path)
    }

    /// How far each diagonal reaches at each distance, up to the first that reaches the end.
    ///
    /// Row d holds the diagonals -d, -d + 2, ..., d.
    private func trace(limit: Int) -> [[Int]]? {
        var rows: [[Int]] = []
        for distance in 0...limit {
            var row: [Int] = []
            for index in 0...distance {
                var x = start(of: index, distance: distance, after: rows.last)
                var y = x - diagonal(index, distance)
                while x < old.count, y < new.count, isCommon(x, y) {
                    x += 1
                    y += 1
                }
                row.append(x)
                if x >= old.count, y >= new.count { return rows + [row] }
            }
            rows.append(row)
        }
        return nil
    }

    private func diagonal(_ index: Int, _ distance: Int) -> Int { 2 * index - distance }

    private func isCommon(_ x: Int, _ y: Int) -> Bool {
        old[old.startIndex + x] == new[new.startIndex + y]
    }

    /// Where a diagonal is entered: down from the one above or right from the one below.
    private func start(of index: Int, distance: Int, after row: [Int]?) -> Int {
        guard let row else { return 0 }
        return isDown(index, distance, row) ? row[index] : row[index - 1] + 1
    }

    /// Whether the step to a diagonal adds a line rather than removing one.
    private func isDown(_ index: Int, _ distance: Int, _ row: [Int]) -> Bool {
        index == 0 || (index < distance && row[index - 1] < row[index])
    }

    /// Goes back from the end, and notes the lines that were passed on a diagonal.
    private func path(through rows: [[Int]]) -> [CommonLine] {
        var kept: [CommonLine] = []
        guard var index = rows.last.map({ $0.count - 1 }) else { return [] }
        var x = rows.last?.last ?? 0
        for distance in rows.indices.reversed() {
            let before = distance > 0 ? rows[distance - 1] : nil
            let start = start(of: index, distance: distance, after: before)
            while x > start {
                x -= 1
                let y = x - diagonal(index, distance)
                kept.append(CommonLine(old: old.startIndex + x, new: new.startIndex + y))
            }
            guard let before else { break }
            if isDown(index, distance, before) {
                x = before[index]
            } else {
                x = before[index - 1]
                index -= 1
            }
        }
        return kept
    }
}
