/// The difference of two texts as a unified diff without file names; empty where they are alike.
///
/// Texts of more than 4,000 lines are only said to differ.
func unifiedDiff(from old: [UInt8], to new: [UInt8]) -> String {
    let oldLines = lines(of: old)
    let newLines = lines(of: new)
    if oldLines == newLines { return "" }
    guard oldLines.count <= 4_000, newLines.count <= 4_000 else {
        return "@@ \(oldLines.count) lines became \(newLines.count) @@\n"
    }
    return hunks(of: steps(from: oldLines, to: newLines))
}

/// One line of a diff with the number that it has, or would have, in each text.
private struct Step {
    enum Mark: String { case kept = " ", removed = "-", added = "+" }
    let mark: Mark
    let line: String
    let old: Int
    let new: Int
}

private func lines(of bytes: [UInt8]) -> [String] {
    bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        .map { String(decoding: $0, as: UTF8.self) }
}

/// Both texts merged into one sequence of steps.
private func steps(from old: [String], to new: [String]) -> [Step] {
    var removed: Set<Int> = []
    var added: Set<Int> = []
    for change in new.difference(from: old, by: { $0.utf8.elementsEqual($1.utf8) }) {
        switch change {
        case .remove(let offset, _, _): removed.insert(offset)
        case .insert(let offset, _, _): added.insert(offset)
        }
    }
    var steps: [Step] = []
    var (oldPlace, newPlace) = (0, 0)
    while oldPlace < old.count || newPlace < new.count {
        let mark: Step.Mark =
            removed.contains(oldPlace) ? .removed : added.contains(newPlace) ? .added : .kept
        guard mark == .added ? newPlace < new.count : oldPlace < old.count else { break }
        let line = mark == .added ? new[newPlace] : old[oldPlace]
        steps.append(Step(mark: mark, line: line, old: oldPlace, new: newPlace))
        if mark != .added { oldPlace += 1 }
        if mark != .removed { newPlace += 1 }
    }
    return steps
}

/// The changed steps with three lines around each.
private func hunks(of steps: [Step]) -> String {
    let changed = steps.indices.filter { steps[$0].mark != .kept }
    var text = ""
    var next = 0
    while next < changed.count {
        var last = next
        while last + 1 < changed.count, changed[last + 1] - changed[last] <= 6 { last += 1 }
        let range = max(0, changed[next] - 3)..<min(steps.count, changed[last] + 4)
        text += header(of: steps[range])
        for step in steps[range] { text += step.mark.rawValue + step.line + "\n" }
        next = last + 1
    }
    return text
}

private func header(of steps: ArraySlice<Step>) -> String {
    guard let first = steps.first else { return "" }
    let old = steps.count { $0.mark != .added }
    let new = steps.count { $0.mark != .removed }
    return "@@ -\(first.old + 1),\(old) +\(first.new + 1),\(new) @@\n"
}
