import JSON
import Registry

@testable import RegistryHTML

extension HostilePages {
    /// The pages of the history.
    var historyPages: [(name: String, html: String)] {
        [
            ("history", renderer.render(history, in: frame)),
            ("no history", renderer.render(HistoryListPage(filter: .init()), in: frame)),
            ("commit", renderer.render(commit, in: frame)),
            ("comparison", renderer.render(comparison, in: frame)),
            ("activity", renderer.render(activity, in: frame)),
        ] + [blame].compactMap { $0.map { ("blame", renderer.render($0, in: frame)) } }
    }

    private var line: CommitLine {
        CommitLine(id: "\(Revision.zero)", subject: text, author: text, date: now)
    }

    private var differences: [DocumentDifference] {
        let old = JSONValue.object([JSONString(text): .text(text)]).canonicalBytes()
        return [
            DocumentDifference(path: "\(text).json", old: old, new: Array("{\"x\": 1}".utf8)),
            DocumentDifference(path: text, old: nil, new: Array(text.utf8)),
        ]
    }

    private var key: DocumentKey? { DocumentID(text).map { DocumentKey(.devices, $0) } }

    private var history: HistoryListPage {
        var filter = HistoryListPage.Filter()
        filter.subject = text
        filter.author = text
        filter.since = text
        filter.until = text
        var page = HistoryListPage(filter: filter)
        page.key = key
        var step = HistoryListPage.Step(commit: line, differences: differences, more: 2)
        step.note = text
        step.restorable = key
        page.steps = [step]
        page.next = text
        page.incomplete = text
        page.problem = text
        return page
    }

    private var commit: CommitPage {
        CommitPage(
            commit: line, body: text, committer: text, parents: [text], differences: differences,
            count: 3, next: text)
    }

    /// Nil for a text that no uid can be.
    private var blame: BlamePage? {
        let pointer = JSONPointer(tokens: [JSONString(text)])
        return key.map { key in
            BlamePage(
                key: key,
                rows: [
                    .init(part: .field(pointer, .text(text)), commit: line),
                    .init(part: .line(1, text), commit: nil),
                ], isComplete: false)
        }
    }

    private var comparison: ComparePage {
        var page = ComparePage(from: text, to: text)
        page.sides = [line, line]
        page.counts = [("added", 1)]
        page.differences = differences
        page.next = text
        page.problem = text
        return page
    }

    private var activity: ActivityPage {
        ActivityPage(
            days: [(now, 3)], people: [.init(name: text, email: text, commits: 3)],
            personCount: 1, commits: 3, isComplete: false)
    }
}
