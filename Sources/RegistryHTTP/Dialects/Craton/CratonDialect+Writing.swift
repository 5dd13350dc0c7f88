import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore
import StateStore

extension CratonDialect {
    /// `POST /v1/<collection>`
    func create(_ call: CratonCall) async throws -> Response {
        try await create(call) { _, item in item }
    }

    /// `POST /v1/users`: with a fresh key, which is shown this once.
    func createUser(_ call: CratonCall) async throws -> Response {
        try await create(call) { user, item in
            let key = uuid(ofRandom: randomBytes(16))
            do {
                try credentials.set(key, of: user, isRandom: true)
            } catch {
                throw RegistryError.storage(reason: "\(error)")
            }
            let members = (item.object ?? [:]).members.map { ($0.name, $0.value) }
            return .object(JSONObject([("api_key", .text(key))] + members))
        }
    }

    private func create(
        _ call: CratonCall, complete: (DocumentID, JSONValue) throws -> JSONValue
    ) async throws -> Response {
        try CratonRefusal.refuseQuery(call.query)
        let creation = try CratonCreation(
            parsing: try await call.body(), call.kind, for: call.caller, random: randomBytes(24))
        try call.requireRole()
        try await services.store.numbers.prepare()
        let numbers = services.store.numbers
        let written = try await write(call) { snapshot, isTrial throws(RegistryError) in
            try creation.decide(on: snapshot, now: .now, numbers: isTrial ? nil : numbers)
        }
        guard case .created(let key) = written.outcome else { throw CratonRefusal.notFound }
        let rendering = CratonRendering(written.snapshot, base: call.context.baseURL)
        // Of interfaces only GET shows variables.
        let shown: CratonRendering.Shown = call.kind == .networkInterfaces ? .nothing : .own
        guard let item = rendering.item(key, shown) else { throw CratonRefusal.notFound }
        var headers = written.fields
        headers[.location] = rendering.address(of: key)
        return .craton(.created, try complete(key.id, item), headers: headers)
    }

    /// `PUT /v1/<collection>/<id>`
    func change(_ call: CratonCall) async throws -> Response {
        try CratonRefusal.refuseQuery(call.query)
        let change = try CratonChange(
            parsing: try await call.body(), call.kind, call.id, for: call.caller)
        let written = try await write(call) { snapshot, _ throws(RegistryError) in
            change.decide(on: snapshot, now: .now)
        }
        guard case .changed(let key) = written.outcome,
            let item = CratonRendering(written.snapshot, base: call.context.baseURL)
                .item(key, .nothing)
        else { throw CratonRefusal.notFound }
        return .craton(.ok, item, headers: written.fields)
    }

    /// `DELETE /v1/<collection>/<id>`: what is in it goes too.
    func remove(_ call: CratonCall) async throws -> Response {
        try CratonRefusal.refuseQuery(call.query)
        try call.requireRole()
        let removal = CratonRemoval(call.kind, call.id, for: call.caller)
        let written = try await write(call) { snapshot, _ throws(RegistryError) in
            removal.decide(on: snapshot)
        }
        if case .removed(let users) = written.outcome, written.proposal == nil {
            try? credentials.remove(users)
        }
        return .empty(.noContent, headers: written.fields)
    }

    /// `PUT /v1/<collection>/<id>/variables`: adds, and replaces whole values.
    func putVariables(_ call: CratonCall) async throws -> Response {
        try await change(.putVariables, of: call) { rendering in
            try rendering.variables(call.kind, call.id, resolved: false, for: call.caller)
        }
    }

    /// `DELETE /v1/<collection>/<id>/variables`, with a list of names.
    func removeVariables(_ call: CratonCall) async throws -> Response {
        try await change(.removeVariables, of: call) { _ in nil }
    }

    /// `PUT /v1/<collection>/<id>/labels`: adds.
    func putLabels(_ call: CratonCall) async throws -> Response {
        try await change(.putLabels, of: call) { rendering in
            try rendering.labels(call.kind, call.id, for: call.caller)
        }
    }

    /// `DELETE /v1/<collection>/<id>/labels`, with those to take off.
    func removeLabels(_ call: CratonCall) async throws -> Response {
        try await change(.removeLabels, of: call) { _ in nil }
    }

    private func change(
        _ part: CratonVariablesChange.Part, of call: CratonCall,
        render: (CratonRendering) throws -> JSONValue?
    ) async throws -> Response {
        try CratonRefusal.refuseQuery(call.query)
        let change = try CratonVariablesChange(
            parsing: try await call.body(), part, call.kind, call.id, for: call.caller)
        try call.requireRole()
        let written = try await write(call) { snapshot, _ throws(RegistryError) in
            change.decide(on: snapshot)
        }
        let rendering = CratonRendering(written.snapshot, base: call.context.baseURL)
        guard let body = try render(rendering) else {
            return .empty(.noContent, headers: written.fields)
        }
        return .craton(.ok, body, headers: written.fields)
    }
}

/// What became of a write, with the state to answer it from.
private struct CratonWritten {
    let outcome: CratonOutcome
    let snapshot: Snapshot
    let commit: Revision?
    var proposal: Int?

    var fields: HTTPFields {
        var fields = HTTPFields()
        fields[.registryCommit] = commit?.description
        fields[.registryProposal] = proposal?.description
        return fields
    }
}

extension CratonDialect {
    /// Decides against the newest state, and where that changes something, again in a transaction.
    ///
    /// - Throws: the refusal, where it is one.
    private func write(
        _ call: CratonCall,
        decide:
            @escaping @Sendable (Snapshot, _ isTrial: Bool) throws(RegistryError)
            -> Edit<CratonOutcome>
    ) async throws -> CratonWritten {
        let checked: @Sendable (Snapshot, Bool) throws(RegistryError) -> Edit<CratonOutcome> = {
            snapshot, isTrial throws(RegistryError) in
            let edit = try decide(snapshot, isTrial)
            guard edit.answer.isSuccess, let refusal = call.failedPrecondition(in: snapshot) else {
                return edit
            }
            return .nothing(.refused(refusal))
        }
        let isProposed = call.request.proposalTarget != nil
        let newest = isProposed ? call.context.snapshot : services.store.index.current
        let draft = try checked(newest, true)
        if case .refused(let refusal) = draft.answer { throw refusal }
        if draft.changes.isEmpty {
            return CratonWritten(outcome: draft.answer, snapshot: newest, commit: newest.commit)
        }
        try call.context.requireWritable()
        let method = call.request.method.rawValue
        let author = Author(
            name: call.caller.name, email: "\(call.caller.user)@muster.invalid")
        let (committed, proposal) = try await services.commit(
            Transaction(
                author: author, body: call.request.headers.commitMessage,
                trailers: [
                    Trailer("Request-Id", call.context.requestID),
                    Trailer("Api", "\(name) \(method) \(call.path.raw)"),
                ],
                decide: { snapshot throws(RegistryError) in try checked(snapshot, false) }),
            for: call.request, call.context)
        if !committed.isNewCommit, !isProposed {
            try services.requireNoEdit(behind: draft.changes, newest, committed.snapshot)
        }
        if case .refused(let refusal) = committed.answer { throw refusal }
        return CratonWritten(
            outcome: committed.answer, snapshot: committed.snapshot, commit: committed.commit,
            proposal: proposal)
    }
}
