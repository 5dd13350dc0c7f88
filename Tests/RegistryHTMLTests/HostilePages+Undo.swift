import JSON
import Registry

@testable import RegistryHTML

extension HostilePages {
    /// The pages that take something back.
    var undoPages: [(name: String, html: String)] {
        [
            ("undo", renderer.render(undo, in: frame)),
            ("undo of nothing", renderer.render(undoOfNothing, in: frame)),
            (
                "undo question",
                renderer.render(UndoQuestionPage(commits: commits), in: frame)
            ),
            ("deleted", renderer.render(deleted, in: frame)),
            (
                "none deleted",
                renderer.render(DeletedPage(rows: [], next: nil, isFirst: true), in: frame)
            ),
        ]
    }

    private var key: DocumentKey? { DocumentID(text).map { DocumentKey(.devices, $0) } }

    private var undo: UndoPage {
        UndoPage(
            query: [("commit", text)], heading: text, commits: commits, commitCount: 2,
            differences: [DocumentDifference(path: text, old: nil, new: Array(text.utf8))],
            fileCount: 2,
            conflicts: [
                MergeConflict(
                    path: text, pointer: JSONPointer(tokens: [JSONString(text)]),
                    base: .text(text), ours: .text(text), theirs: .text(text), reason: text)
            ],
            problems: problems, touches: touches,
            needed: key.map { [.init(key: $0, reason: text)] } ?? [], notes: [text], tag: text)
    }

    private var undoOfNothing: UndoPage {
        UndoPage(
            query: [("commit", text)], heading: text, differences: [], fileCount: 0,
            touches: Touches(devices: DeviceUse(first: [], count: 0)), tag: text)
    }

    private var deleted: DeletedPage {
        DeletedPage(
            rows: commits.flatMap { commit in
                key.map { [.init(key: $0, commit: commit)] } ?? []
            }, collection: .devices, next: text, isFirst: false)
    }
}
