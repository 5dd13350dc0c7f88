import JSON
import Registry

@testable import RegistryHTML

extension HostilePages {
    /// The pages of proposals; ids and numbers are the server's own.
    var proposalPages: [(name: String, html: String)] {
        [
            ("proposal list", renderer.render(proposalList, in: frame)),
            ("no proposals", renderer.render(emptyList, in: frame)),
            ("proposal", renderer.render(proposal(.open), in: frame)),
            ("closed proposal", renderer.render(proposal(.closed), in: frame)),
        ]
    }

    private var proposalList: ProposalListPage {
        let row = ProposalListPage.Row(
            number: 7, title: text, author: text, changed: now, approvals: 1, comments: 2)
        return ProposalListPage(
            rows: [row], state: .open, counts: [.open: 30], paging: Paging(page: 1, pageCount: 2))
    }

    private var emptyList: ProposalListPage {
        ProposalListPage(rows: [], state: .closed, counts: [:])
    }

    private func proposal(_ state: Proposal.State) -> ProposalPage {
        let author = Author(name: text, email: text)
        let time = Timestamp(microseconds: 0)
        var proposal = Proposal(
            number: 7, title: text, text: text, head: .zero, owner: text, by: author, at: time)
        proposal.add(.init(.commented, by: author, at: time, text: text))
        proposal.add(.init(.approved, by: author, at: time, head: .zero))
        if state == .closed { proposal.add(.init(.closed, by: author, at: time)) }
        let old = JSONValue.object([JSONString(text): .text(text)]).canonicalBytes()
        return ProposalPage(
            proposal: proposal, commits: commits, commitCount: 1,
            differences: [
                DocumentDifference(path: "\(text).json", old: old, new: Array("{\"x\": 1}".utf8)),
                DocumentDifference(path: text, old: nil, new: Array(text.utf8)),
            ],
            fileCount: 3,
            conflicts: [
                MergeConflict(
                    path: text, pointer: JSONPointer(tokens: [JSONString(text)]),
                    base: .text(text), ours: .text(text), theirs: .text(text), reason: text),
                MergeConflict(path: text, reason: text),
            ],
            problems: problems, warnings: problems, touches: touches,
            events: proposal.events.map { .init($0, date: now) }, cloneURL: text)
    }

    var touches: Touches {
        Touches(
            devices: uses, targets: [.init(device: text, old: text, new: text)],
            rules: DocumentID(text).map { [DocumentKey(.lokiAlertRules, $0)] } ?? [])
    }
}
