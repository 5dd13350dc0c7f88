import Hummingbird
import Registry
import RegistryHTML
import RegistryStore

extension PagesDialect {
    /// `/proposals/`: `state` chooses, `page` turns.
    func proposals(_ call: PageCall) async -> Response {
        let state = call.path.query.last(of: "state").flatMap { Proposal.State(rawValue: $0) }
        let all = services.store.proposals
        let found = all.filter { $0.state == state ?? .open }
        guard let slice = PageSlice(call.path.query, of: found.count) else {
            return await call.noPage
        }
        var counts: [Proposal.State: Int] = [:]
        for proposal in all { counts[proposal.state, default: 0] += 1 }
        let page = ProposalListPage(
            rows: found[slice.range].map(ProposalListPage.Row.init), state: state ?? .open,
            counts: counts, paging: slice.paging)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// `/proposals/7`
    func proposal(_ call: PageCall) async throws -> Response {
        do {
            let proposal = try call.proposal(in: services.store)
            let review = try await call.context.review(of: proposal, in: services.store)
            var page = ProposalPage(
                proposal, review, cloneURL: "\(call.context.baseURL)/registry.git")
            page.standing = call.context.standing(
                on: proposal, review, in: services.store.index.committed)
            return call.page(services.renderer.render(page, in: await call.frame()))
        } catch {
            guard error.status == .notFound else { throw error }
            return await call.message(
                MessagePage(
                    status: error.status.code, title: "Not found", message: error.explanation))
        }
    }

    /// `POST /proposals/7/comment`
    func comment(_ call: PageCall, _ form: PageForm) async throws -> Response {
        guard !form.text("text").isEmpty else { throw PageFormError.missing("The comment") }
        let number = try call.number
        try call.context.requireMayComment(on: try services.store.proposal(number))
        _ = try await services.store.add(
            .commented, to: number, text: form.text("text"), by: call.author(form))
        return call.seeOther("/proposals/\(number)")
    }

    /// `POST /proposals/7/judge`: approves, merges, closes or reopens.
    func judge(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let number = try call.number
        let head = Revision(hex: form.text("head"))
        let text = form.text("text")
        let work = form.text("do")
        // What is judged is what the person has seen.
        guard head != nil || !["merge", "approve"].contains(work) else {
            throw PageFormError.missing("The commit that the page showed")
        }
        let proposal = try services.store.proposal(number)
        switch work {
        case "merge":
            try call.context.requireMayMerge(proposal)
            _ = try await services.store.merge(
                number, head: head, choices: form.choices, message: text, by: call.author(form),
                judge: call.context.judge(.approve))
        case "approve":
            try await call.context.requireMayApprove(proposal, in: services.store)
            try await add(.approved, number, text, head, call.author(form))
        case "close", "reopen":
            try call.context.requireMayGoOn(with: proposal)
            try await add(
                work == "close" ? .closed : .reopened, number, text, nil, call.author(form))
        default: throw PageFormError.missing("What is to be done")
        }
        return call.seeOther("/proposals/\(number)")
    }

    private func add(
        _ kind: Proposal.Event.Kind, _ number: Int, _ text: String, _ head: Revision?,
        _ author: Author
    ) async throws {
        _ = try await services.store.add(kind, to: number, text: text, head: head, by: author)
    }
}

extension PageCall {
    /// The number in the path.
    fileprivate var number: Int {
        get throws(RegistryError) {
            guard let number = Int(uidText), number > 0 else {
                throw .unknownRevision("proposal \(uidText)")
            }
            return number
        }
    }

    /// The proposal of the path, where the reader may see it.
    fileprivate func proposal(in store: RegistryStore) throws(RegistryError) -> Proposal {
        guard (try? number) != nil else {
            try context.require(.readEverything)
            return try store.proposal(number)
        }
        return try context.readable(number, in: store)
    }
}

extension PageForm {
    /// What was chosen at conflicts: `take:<encoded path>#<pointer>`.
    var choices: MergeChoices {
        var choices = MergeChoices()
        for (place, value) in values(under: "take:") {
            guard let side = MergeConflict.Side(rawValue: value) else { continue }
            // The path is percent-encoded, so the first number sign ends it.
            let parts = place.split(separator: "#", maxSplits: 1)
            let path = String(decoding: percentDecoded((parts.first ?? "").utf8), as: UTF8.self)
            let pointer = place.contains("#") ? String(parts.dropFirst().first ?? "") : nil
            choices.choose(side, at: path, pointer)
        }
        return choices
    }
}

extension ProposalListPage.Row {
    fileprivate init(_ proposal: Proposal) {
        self.init(
            number: proposal.number, title: proposal.title, author: proposal.author.name,
            changed: Moment(proposal.changed ?? .now), approvals: proposal.approvals.count,
            comments: proposal.events.count { $0.kind == .commented })
    }
}

extension ProposalPage {
    fileprivate init(_ proposal: Proposal, _ review: ProposalReview, cloneURL: String) {
        self.init(
            proposal: proposal, commits: review.commits.prefix(20).map(CommitLine.init),
            commitCount: review.commitCount,
            differences: review.changes.map(\.difference),
            fileCount: review.paths.count, conflicts: review.conflicts,
            problems: review.problems.prefix(50).map(RegistryHTML.Problem.init),
            warnings: review.effect.warnings.prefix(50).map(RegistryHTML.Problem.init),
            touches: Touches(review.reach),
            events: proposal.events.map { .init($0, date: Moment($0.date)) }, cloneURL: cloneURL)
        isPartial = review.isPartial
    }
}

extension Touches {
    /// What fits on a page of it.
    init(_ reach: ChangeReach) {
        self.init(
            devices: DeviceUse(
                first: reach.devices.prefix(100).map(\.text), count: reach.devices.count),
            targets: reach.targets.prefix(50).map { target in
                .init(device: target.device.text, old: target.old, new: target.new)
            },
            rules: Array(reach.rules.prefix(50)))
    }
}
