/// Lines of the old text that lines of the new one took the place of; one range may be empty.
struct LineChange: Hashable {
    var old: Range<Int>
    var new: Range<Int>
}

/// What changed from one list of lines to another.
///
/// Lines that each text has once hold the rest in place (patience diff); between them is the
/// shortest edit (Myers). Time and memory are bounded: where much differs, all of it is replaced.
struct LineComparison {
    private struct Section {
        var old: Range<Int>
        var new: Range<Int>
        var level: Int
    }

    private let old: [Int]
    private let new: [Int]
    private var isRemoved: [Bool]
    private var isAdded: [Bool]

    private static let levels = 8

    init(from old: [Int], to new: [Int]) {
        (self.old, self.new) = (old, new)
        isRemoved = Array(repeating: false, count: old.count)
        isAdded = Array(repeating: false, count: new.count)
        var waiting = [Section(old: old.indices, new: new.indices, level: 0)]
        while let section = waiting.popLast() { waiting += compare(section) }
    }

    /// In order, with at least one common line between any two.
    var changes: [LineChange] {
        var changes: [LineChange] = []
        var (oldEnd, newEnd) = (0, 0)
        while oldEnd < old.count || newEnd < new.count {
            let (oldStart, newStart) = (oldEnd, newEnd)
            while oldEnd < old.count, isRemoved[oldEnd] { oldEnd += 1 }
            while newEnd < new.count, isAdded[newEnd] { newEnd += 1 }
            if oldEnd > oldStart || newEnd > newStart {
                changes.append(LineChange(old: oldStart..<oldEnd, new: newStart..<newEnd))
            }
            oldEnd = min(oldEnd + 1, old.count)
            newEnd = min(newEnd + 1, new.count)
        }
        return changes
    }

    /// Marks what changed in a section, or gives the smaller ones to compare instead.
    private mutating func compare(_ section: Section) -> [Section] {
        let section = trimmed(section)
        if section.old.isEmpty || section.new.isEmpty {
            replace(section.old, by: section.new)
            return []
        }
        let anchors = section.level < Self.levels ? anchors(in: section) : []
        guard anchors.isEmpty else { return split(section, at: anchors) }
        if let kept = ShortestEdit(old[section.old], new[section.new]).kept {
            replace(section.old, by: section.new)
            for pair in kept {
                isRemoved[pair.old] = false
                isAdded[pair.new] = false
            }
        } else {
            replace(section.old, by: section.new)
        }
        return []
    }

    private mutating func replace(_ removed: Range<Int>, by added: Range<Int>) {
        for place in removed { isRemoved[place] = true }
        for place in added { isAdded[place] = true }
    }

    /// The section without the lines that both begin and end with.
    private func trimmed(_ section: Section) -> Section {
        var (oldStart, newStart) = (section.old.lowerBound, section.new.lowerBound)
        var (oldEnd, newEnd) = (section.old.upperBound, section.new.upperBound)
        while oldStart < oldEnd, newStart < newEnd, old[oldStart] == new[newStart] {
            oldStart += 1
            newStart += 1
        }
        while oldStart < oldEnd, newStart < newEnd, old[oldEnd - 1] == new[newEnd - 1] {
            oldEnd -= 1
            newEnd -= 1
        }
        return Section(old: oldStart..<oldEnd, new: newStart..<newEnd, level: section.level)
    }

    private func split(_ section: Section, at anchors: [CommonLine]) -> [Section] {
        var sections: [Section] = []
        var (oldStart, newStart) = (section.old.lowerBound, section.new.lowerBound)
        let end = CommonLine(old: section.old.upperBound, new: section.new.upperBound)
        for anchor in anchors + [end] {
            sections.append(
                Section(
                    old: oldStart..<anchor.old, new: newStart..<anchor.new,
                    level: section.level + 1))
            (oldStart, newStart) = (anchor.old + 1, anchor.new + 1)
        }
        return sections
    }

    /// The longest run in order of lines that each side of the section has once.
    private func anchors(in section: Section) -> [CommonLine] {
        let oldPlaces = places(of: old, in: section.old)
        let newPlaces = places(of: new, in: section.new)
        let common = section.old.compactMap { place -> CommonLine? in
            guard oldPlaces[old[place]] == .some(.some(place)),
                case .some(.some(let other)) = newPlaces[old[place]]
            else { return nil }
            return CommonLine(old: place, new: other)
        }
        return longestRise(in: common)
    }

    /// Where each line is; nil where it is more than once.
    private func places(of lines: [Int], in range: Range<Int>) -> [Int: Int?] {
        var places: [Int: Int?] = [:]
        for place in range {
            places.updateValue(places[lines[place]] == nil ? place : nil, forKey: lines[place])
        }
        return places
    }
}

/// A line that both texts have.
struct CommonLine: Hashable {
    let old: Int
    let new: Int
}

/// The longest part of lines in old order that is in new order too (patience sorting).
func longestRise(in lines: [CommonLine]) -> [CommonLine] {
    var ends: [Int] = []
    var previous: [Int?] = []
    for (place, line) in lines.enumerated() {
        var (low, high) = (0, ends.count)
        while low < high {
            let middle = (low + high) / 2
            if lines[ends[middle]].new < line.new { low = middle + 1 } else { high = middle }
        }
        previous.append(low > 0 ? ends[low - 1] : nil)
        if low < ends.count { ends[low] = place } else { ends.append(place) }
    }
    var rise: [CommonLine] = []
    var next = ends.last
    while let place = next {
        rise.append(lines[place])
        next = previous[place]
    }
    return rise.reversed()
}
