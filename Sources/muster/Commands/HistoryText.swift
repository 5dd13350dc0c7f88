import Registry
import RegistryStore

/// Commits and changes for people at a terminal.
enum HistoryText {
    /// `d0e18b121a  2026-11-23 05:42  Ada`
    static func line(_ entry: HistoryEntry) -> String {
        "\(entry.revision.short)  \(minute(entry.date))  \(entry.author.name)"
    }

    /// `2026-11-23 05:42`
    static func minute(_ time: Timestamp) -> String {
        String(time.description.prefix(16)).replacing("T", with: " ")
    }

    static func lines(of step: HistoryStep, _ differences: [DocumentDifference]) -> [String] {
        var lines = [line(step.entry), "    \(step.entry.subject)"]
        for (change, difference) in zip(step.changes, differences) {
            lines += self.lines(of: change, difference, namesPath: step.changeCount > 1)
                .map { "      \($0)" }
        }
        let more = step.changeCount - differences.count
        if !differences.isEmpty, more > 0 { lines.append("      and \(more) more") }
        return lines
    }

    /// What a change did, one field a line.
    static func lines(
        of change: HistoryChange, _ difference: DocumentDifference, namesPath: Bool = true
    ) -> [String] {
        var head = change.kind.text
        if let other = change.other {
            head += change.kind == .renamed ? " from \(other.id)" : " to \(other.id)"
        }
        var lines: [String] = []
        if namesPath || change.kind != .changed { lines.append("\(change.path): \(head)") }
        guard difference.kind == .changed, change.kind != .moved else { return lines }
        let indent = lines.isEmpty ? "" : "  "
        if difference.fields.isEmpty {
            let text = difference.text(lineLimit: 200).split(
                separator: "\n", omittingEmptySubsequences: false)
            return lines + text.dropLast().map { indent + $0 }
        }
        lines += difference.fields.prefix(50).map { indent + $0.summary }
        let more = difference.fields.count - 50 + difference.moreFields
        if more > 0 { lines.append("\(indent)and \(more) more") }
        return lines
    }

    /// What a change did, as lines of the files.
    static func text(_ change: HistoryChange, _ difference: DocumentDifference) -> [String] {
        ["--- \(change.path)", "+++ \(change.path)"]
            + difference.text.split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init).dropLast()
    }
}
