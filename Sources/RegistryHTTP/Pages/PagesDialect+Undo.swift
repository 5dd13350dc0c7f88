import Hummingbird
import Registry
import RegistryHTML
import RegistryStore

extension PagesDialect {
    /// `/repository/undo`: what it would do; without a word of what, the question.
    func undo(_ call: PageCall) async -> Response {
        let query = call.path.query
        do {
            guard let request = try UndoRequest(query.last(of:)) else {
                let page = UndoQuestionPage(commits: await call.commits(limit: 20))
                return call.page(services.renderer.render(page, in: await call.frame()))
            }
            let preview = try await services.store.preview(of: request)
            var page = UndoPage(preview)
            page.refusal = call.context.refusal(
                of: .write, on: preview.effect.paths, in: services.store.index.committed)
            return call.page(services.renderer.render(page, in: await call.frame()))
        } catch {
            return await call.message(.refused(error), headers: error.fields)
        }
    }

    /// `POST /repository/undo`
    func performUndo(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let fields = form.text
        guard var request = try UndoRequest({ name in fields(name).isEmpty ? nil : fields(name) })
        else { throw PageFormError.missing("What is to be taken back") }
        // What is done is what the person has seen.
        let tag = form.text("tag")
        guard !tag.isEmpty else { throw PageFormError.missing("What the page showed") }
        request.choices = form.choices
        let message = form.text("message")
        let done = try await services.store.undo(
            request, seen: tag, by: call.author(form),
            body: message.isEmpty ? nil : message,
            judge: call.context.judge(.write, hasMessage: !message.isEmpty))
        return call.seeOther(done.commit.map { "/history/\($0)?new=1" } ?? "/repository/undo")
    }

    /// `/repository/deleted`: `collection` chooses, `cursor` turns.
    func deleted(_ call: PageCall) async -> Response {
        let query = call.path.query
        let name = query.last(of: "collection")
        let collection = DocumentKind.all.map(\.collection).first { $0.name == name }
        let cursor = query.last(of: "cursor")
        do {
            let found = try await services.store.deleted(in: collection, after: cursor)
            let page = DeletedPage(
                rows: found.documents.map { .init(key: $0.key, commit: CommitLine($0.commit)) },
                collection: collection, next: found.next, isFirst: cursor == nil)
            return call.page(services.renderer.render(page, in: await call.frame()))
        } catch {
            return await call.message(.refused(error), headers: error.fields)
        }
    }
}

extension UndoRequest {
    /// Reads `document` and `at`, `commit`, or `from` and `to`, and `needed`.
    ///
    /// - Returns: nil where none of them is there.
    fileprivate init?(_ field: (String) -> String?) throws(RegistryError) {
        let subject: Subject
        if let document = field("document") {
            let kind = DocumentKind.all.first { document.hasPrefix($0.collection.name + "/") }
            guard let kind,
                let id = DocumentID(
                    String(document.dropFirst(kind.collection.name.count + 1)))
            else { throw .cannotUndo(reason: "'\(document)' is no document") }
            let at = field("at")
            subject = .restore(
                DocumentKey(kind.collection, id), at: at?.isEmpty == true ? nil : at)
        } else if let commit = field("commit") {
            subject = .revert(commit: commit)
        } else if let from = field("from") {
            let to = field("to") ?? ""
            subject = .revertRange(from: from, to: to.isEmpty ? "HEAD" : to)
        } else {
            return nil
        }
        self.init(subject, takesNeeded: field("needed") == "yes")
    }

    /// The members of a query that says the same.
    fileprivate var query: [(name: String, value: String)] {
        let own: [(name: String, value: String)] =
            switch subject {
            case .restore(let key, let at):
                [("document", key.description)] + (at.map { [("at", $0)] } ?? [])
            case .revert(let commit): [("commit", commit)]
            case .revertRange(let from, let to): [("from", from), ("to", to)]
            }
        return own + (takesNeeded ? [("needed", "yes")] : [])
    }
}

extension UndoPage {
    fileprivate init(_ preview: UndoPreview) {
        self.init(
            query: preview.request.query, heading: preview.subject,
            commits: preview.commits.prefix(20).map(CommitLine.init),
            commitCount: preview.commitCount,
            differences: preview.effect.changes.map(\.difference),
            fileCount: preview.effect.paths.count, conflicts: preview.effect.conflicts,
            problems: preview.effect.problems.prefix(50).map(RegistryHTML.Problem.init),
            touches: Touches(preview.effect.reach),
            needed: preview.needed.map { .init(key: $0.key, reason: $0.reason) },
            takesNeeded: preview.request.takesNeeded, notes: preview.notes, tag: preview.tag)
    }
}
