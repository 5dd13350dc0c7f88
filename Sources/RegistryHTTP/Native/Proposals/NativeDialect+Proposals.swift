import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension NativeDialect {
    /// `GET proposals?state=open`: newest first, all of them.
    func listProposals(_ call: NativeCall) async throws -> Response {
        let wanted = call.path.query.last(of: "state") ?? "open"
        let state = Proposal.State(rawValue: wanted)
        guard state != nil || wanted == "all" else {
            throw NativeError.invalid("state", "Must be open, merged, closed or all.")
        }
        let found = services.store.proposals.filter { state == nil || $0.state == state }
        return call.answer([
            "proposals": .array(found.map(\.json)), "total": .number(JSONNumber(found.count)),
        ])
    }

    /// `POST proposals`: a change of one or many documents, or a commit that was pushed.
    func openProposal(_ call: NativeCall) async throws -> Response {
        var reader = BodyReader(try await call.body())
        let author = try reader.author(for: call.context.caller)
        let title = try reader.text("title")
        let text = try reader.text("text") ?? ""
        let head = try reader.revision("head")
        let changes = try reader.array("changes")
        try reader.finish()
        let proposal: Proposal
        switch (head, changes) {
        case (let head?, nil):
            proposal = try await services.store.open(
                head, title: title, text: text, owner: author.email, by: author)
        case (nil, let changes?):
            proposal = try await propose(
                changes, in: .new(title: title, text: text), subject: title, author, call)
        default:
            throw NativeError.invalid("", "Name either changes or the head that was pushed.")
        }
        return try await answerOpened(call, proposal)
    }

    /// The answer to a request that has opened a proposal.
    func answerOpened(_ call: NativeCall, _ proposal: Proposal) async throws -> Response {
        call.answer(
            try await json(of: proposal, call), status: .created,
            headers: [.location: call.location("proposals/\(proposal.number)")])
    }

    /// `PATCH proposals/7`: another title or text, further changes or another head.
    func changeProposal(_ call: NativeCall) async throws -> Response {
        let number = try call.number
        var proposal = try services.store.proposal(number)
        var reader = BodyReader(try await call.body())
        let author = try reader.author(for: call.context.caller)
        let title = try reader.text("title")
        let text = try reader.text("text")
        let head = try reader.revision("head")
        let changes = try reader.array("changes")
        try reader.finish()
        try call.context.requireMayGoOn(with: proposal)
        if let changes {
            proposal = try await propose(
                changes, in: .existing(number), subject: nil, author, call)
        }
        if let head { proposal = try await services.store.update(number, to: head, by: author) }
        if title != nil || text != nil {
            proposal = try await services.store.rename(
                number, title: title, text: text, by: author)
        }
        return call.answer(try await json(of: proposal, call))
    }

    private func propose(
        _ changes: [JSONValue], in target: ProposalTarget, subject: String?, _ author: Author,
        _ call: NativeCall
    ) async throws -> Proposal {
        guard !changes.isEmpty else {
            throw NativeError.invalid("/changes", "Must hold at least one change.")
        }
        let writes = try DocumentWrite.all(changes, at: "/changes")
        for write in writes { try call.context.require(.write, in: .document(write.key)) }
        let now = Timestamp.now
        let transaction = Transaction<Void>(author: author, trailers: call.trailers) {
            snapshot throws(RegistryError) in
            // What would lead nowhere is shown on the proposal's page, and may come later.
            let plan = DocumentPlan(writes, on: snapshot, now: now, allowsDangling: true)
            if let refusal = plan.refusals.first { throw refusal.error }
            return Edit(plan.changes, subject: subject ?? plan.subject, answer: ())
        }
        let proposal = try await services.propose(transaction, in: target, call.context).proposal
        guard let proposal else { throw NativeError.nothingChanges }
        return proposal
    }

    /// `GET proposals/7`: the proposal and what it would do.
    func showProposal(_ call: NativeCall) async throws -> Response {
        let proposal = try call.context.readable(try call.number, in: services.store)
        return call.answer(try await json(of: proposal, call))
    }

    /// `POST proposals/7/comments`: `{"text": "..."}`
    func commentOnProposal(_ call: NativeCall) async throws -> Response {
        let number = try call.number
        var reader = BodyReader(try await call.body())
        let author = try reader.author(for: call.context.caller)
        guard let text = try reader.text("text"), !text.isEmpty else {
            throw reader.invalid("text", "Must say something.")
        }
        try reader.finish()
        try call.context.requireMayComment(on: try services.store.proposal(number))
        let proposal = try await services.store.add(
            .commented, to: number, text: text, by: author)
        return call.answer(proposal.json, status: .created)
    }

    /// `POST proposals/7/approve`: `{"head": "<commit>"}` refuses what was not seen.
    func approveProposal(_ call: NativeCall) async throws -> Response {
        try await event(.approved, call)
    }

    func closeProposal(_ call: NativeCall) async throws -> Response {
        try await event(.closed, call)
    }

    func reopenProposal(_ call: NativeCall) async throws -> Response {
        try await event(.reopened, call)
    }

    private func event(
        _ kind: Proposal.Event.Kind, _ call: NativeCall
    ) async throws -> Response {
        let number = try call.number
        var reader = BodyReader(try await call.body())
        let author = try reader.author(for: call.context.caller)
        let text = try reader.text("text") ?? ""
        let head = try reader.revision("head")
        try reader.finish()
        let known = try services.store.proposal(number)
        if kind == .approved {
            try await call.context.requireMayApprove(known, in: services.store)
        } else {
            try call.context.requireMayGoOn(with: known)
        }
        let proposal = try await services.store.add(
            kind, to: number, text: text, head: head ?? known.head, by: author)
        return call.answer(proposal.json)
    }

    /// `POST proposals/7/merge`: `{"head", "message", "choices": [{"path", "pointer", "take"}]}`.
    func mergeProposal(_ call: NativeCall) async throws -> Response {
        let number = try call.number
        var reader = BodyReader(try await call.body())
        let author = try reader.author(for: call.context.caller)
        let message = try reader.text("message")
        let head = try reader.revision("head")
        let choices = try MergeChoices(try reader.array("choices") ?? [])
        try reader.finish()
        let known = try services.store.proposal(number)
        try call.context.requireMayMerge(known)
        let proposal = try await services.store.merge(
            number, head: head ?? known.head, choices: choices, message: message, by: author,
            judge: call.context.judge(.approve))
        var headers: HTTPFields = [:]
        if let commit = proposal.mergeCommit { headers[.registryCommit] = "\(commit)" }
        return call.answer(proposal.json, headers: headers)
    }

    private func json(of proposal: Proposal, _ call: NativeCall) async throws -> JSONValue {
        try await call.context.review(of: proposal, in: services.store).json(of: proposal)
    }
}

extension MergeChoices {
    /// What to take where both sides changed one place: `ours` is the served value.
    init(_ values: [JSONValue]) throws(NativeError) {
        self.init()
        for (place, value) in values.enumerated() {
            var reader = BodyReader(value.object ?? [:], at: "/choices/\(place)")
            guard let path = try reader.text("path") else {
                throw reader.invalid("path", "Must name the file.")
            }
            let pointer = try reader.text("pointer")
            guard let side = try reader.text("take").flatMap({ MergeConflict.Side(rawValue: $0) })
            else { throw reader.invalid("take", "Must be ours or theirs.") }
            try reader.finish()
            choose(side, at: path, pointer)
        }
    }
}
