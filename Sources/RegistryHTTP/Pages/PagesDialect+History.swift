import Hummingbird
import Registry
import RegistryHTML
import RegistryStore

extension PagesDialect {
    /// Commits of a page, and changes that are shown of each.
    private static let stepLimit = 20
    private static let stepChanges = 3
    private static let changeLimit = 50

    // MARK: Commits

    /// `/history/`: `of`, `author`, `since` and `until` choose, `after` turns.
    func history(_ call: PageCall) async -> Response {
        let fields = call.path.query
        var filter = HistoryListPage.Filter()
        filter.subject = fields.last(of: "of") ?? ""
        filter.author = fields.last(of: "author") ?? ""
        filter.since = fields.last(of: "since") ?? ""
        filter.until = fields.last(of: "until") ?? ""
        var page = HistoryListPage(filter: filter)
        page.isFirst = fields.last(of: "after") == nil
        do {
            let query = try query(filter, fields.last(of: "after"), call)
            if case .document(let key) = query.subject { page.key = key }
            try await fill(&page, services.store.history.page(query))
        } catch let error as any AnswerableError {
            page.problem = error.explanation
        } catch {
            page.problem = "\(error)"
        }
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    private func query(
        _ filter: HistoryListPage.Filter, _ after: String?, _ call: PageCall
    ) throws(NativeError) -> HistoryQuery {
        var query = HistoryQuery(
            filter.subject.isEmpty ? .everything : HistorySubject(naming: filter.subject),
            limit: Self.stepLimit)
        query.tip = call.context.at == nil ? nil : call.snapshot.commit
        query.author = filter.author.isEmpty ? nil : filter.author
        query.since = try time("Since", filter.since)
        query.until = try time("Until", filter.until)
        query.after = after.flatMap { Revision(hex: $0) }
        return query
    }

    private func time(_ name: String, _ text: String) throws(NativeError) -> Timestamp? {
        guard !text.isEmpty else { return nil }
        guard let time = Timestamp(saying: text) else {
            throw .parameter(
                name, "'\(text)' is no time; write 2026-01-31, 2026-01-31 12:00 or 3 days ago.")
        }
        return time
    }

    private func fill(
        _ page: inout HistoryListPage, _ found: HistoryPage
    ) async throws {
        for step in found.steps {
            let shown = Array(step.changes.prefix(Self.stepChanges))
            var row = HistoryListPage.Step(
                commit: CommitLine(step.entry),
                differences: try await services.store.history.differences(of: shown),
                more: step.changeCount - shown.count)
            if page.key != nil, let change = step.changes.first {
                row.note = change.note
                row.restorable = change.new == nil ? nil : change.key
            }
            page.steps.append(row)
        }
        page.next = found.next.map { "\($0)" }
        guard !found.isComplete else { return }
        let progress = services.store.status.history
        page.incomplete =
            "the history is being indexed (\(progress.indexed) of about \(progress.total) commits); "
            + "until then only new commits are looked at."
    }

    /// `/history/<commit>`
    func commit(_ call: PageCall) async -> Response {
        do {
            let found = try await services.store.history.details(
                of: call.uidText, after: call.path.query.last(of: "after"),
                limit: Self.changeLimit)
            var page = CommitPage(
                commit: CommitLine(found.entry), body: found.entry.body,
                committer: found.entry.committer.name,
                parents: found.entry.parents.map { "\($0)" }, differences: found.differences,
                count: found.changeCount, next: found.next)
            page.isNew = call.path.query.last(of: "new") == "1"
            return call.page(services.renderer.render(page, in: await call.frame()))
        } catch {
            return await call.message(.refused(error), headers: error.fields)
        }
    }

    // MARK: Blame

    /// `/history/blame`: `of` names the document.
    func blame(_ call: PageCall) async -> Response {
        let name = call.path.query.last(of: "of") ?? ""
        guard case .document(let key) = HistorySubject(naming: name) else {
            return await call.message(.unknownDocument("document", name))
        }
        do {
            let found = try await services.store.history.blame(
                key, at: call.context.at == nil ? nil : call.snapshot.commit)
            let commits = found.commits.map(CommitLine.init)
            let page = BlamePage(
                key: key,
                rows: found.parts.map { part, commit in
                    BlamePage.Row(part: part, commit: commit.map { commits[$0] })
                }, isComplete: found.isComplete)
            return call.page(services.renderer.render(page, in: await call.frame()))
        } catch {
            return await call.message(.refused(error), headers: error.fields)
        }
    }

    // MARK: Comparison

    /// `/history/compare`: `from` and `to`, names or times as people say them.
    func compare(_ call: PageCall) async -> Response {
        let fields = call.path.query
        let to = fields.last(of: "to") ?? ""
        var page = ComparePage(
            from: fields.last(of: "from") ?? "", to: to.isEmpty ? "HEAD" : to)
        page.isFirst = fields.last(of: "after") == nil
        if !page.from.isEmpty {
            var query = ComparisonQuery(from: page.from, to: page.to, limit: Self.stepLimit)
            query.after = fields.last(of: "after")
            do {
                let found = try await services.store.history.compare(query)
                page.sides = [CommitLine(found.from.entry), CommitLine(found.to.entry)]
                page.counts = HistoryChange.Kind.allCases.filter { $0 != .renamedAway }
                    .map { ($0.text, found.counts[$0] ?? 0) }
                page.differences = found.differences
                page.next = found.next
            } catch {
                page.problem = error.explanation
            }
        }
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    // MARK: Activity

    /// `/history/activity`: the last year.
    func activity(_ call: PageCall) async -> Response {
        do {
            let found = try await services.store.activity(days: 365)
            let page = ActivityPage(
                days: found.days.map { (Moment($0.date), $0.commits) },
                people: found.people.map {
                    .init(name: $0.author.name, email: $0.author.email, commits: $0.commits)
                }, personCount: found.personCount, commits: found.commits,
                isComplete: found.isComplete)
            return call.page(services.renderer.render(page, in: await call.frame()))
        } catch {
            return await call.message(.refused(error), headers: error.fields)
        }
    }
}

extension HistoryChange {
    /// What happened to the document as such; nil where only its content changed.
    fileprivate var note: String? {
        switch (kind, other) {
        case (.renamed, let other?): "renamed from \(other.id)"
        case (.renamedAway, let other?): "renamed to \(other.id)"
        case (.added, _): "added"
        case (.removed, _): "removed"
        default: nil
        }
    }
}
