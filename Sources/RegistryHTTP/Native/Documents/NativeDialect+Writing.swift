import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

/// What became of writes, or would.
struct WriteOutcome: Sendable {
    let plan: DocumentPlan
    /// The registry after them.
    let snapshot: Snapshot
    let isDryRun: Bool
    var commit: Revision?
    var proposal: Int?

    /// Whether they were carried out.
    var isDone: Bool { !isDryRun }

    var fields: HTTPFields {
        var fields = HTTPFields()
        fields[.registryCommit] = commit?.description
        fields[.registryProposal] = proposal?.description
        return fields
    }

    /// The form of answers; see the schema `WriteResult`.
    var json: JSONValue {
        var object: JSONObject = [
            "dry_run": .bool(isDryRun),
            "commit": isDryRun ? .null : commit.map { .text("\($0)") } ?? .null,
        ]
        object["proposal"] = proposal.map { .number(JSONNumber($0)) }
        object["changes"] = .array(
            plan.steps.map { step in
                step.json(
                    withFields: isDryRun,
                    blob: isDryRun ? step.new?.blob : snapshot[step.key]?.blob)
            })
        object["problems"] = .array(plan.refusals.map(\.json))
        return .object(object)
    }
}

extension NativeDialect {
    /// Carries writes out as one commit, or tells what they would do.
    ///
    /// They are decided twice: against what is served, so that refusals and needless writes wait for
    /// nobody, and in the transaction.
    /// - Parameter check: conditions of the request.
    /// - Throws: ``WritesRefused`` with all that stands against them.
    func write(
        _ writes: [DocumentWrite], _ request: WriteRequest, _ call: NativeCall,
        check: @escaping @Sendable (Snapshot) throws(RegistryError) -> Void = { _ in }
    ) async throws -> WriteOutcome {
        for write in writes { try call.context.require(.write, in: .document(write.key)) }
        let isProposed = call.request.proposalTarget != nil
        let newest = isProposed ? call.context.snapshot : services.store.index.current
        try check(newest)
        let now = Timestamp.now
        let draft = DocumentPlan(writes, on: newest, now: now)
        if request.isDryRun {
            return WriteOutcome(plan: draft, snapshot: newest, isDryRun: true)
        }
        try draft.requireNoRefusal(in: newest)
        guard !draft.steps.isEmpty else {
            return WriteOutcome(
                plan: draft, snapshot: newest, isDryRun: false, commit: newest.commit)
        }
        try call.context.requireWritable()
        let transaction = Transaction<DocumentPlan>(
            author: request.author, body: request.message, trailers: call.trailers
        ) { snapshot throws(RegistryError) in
            try check(snapshot)
            let plan = DocumentPlan(writes, on: snapshot, now: now, reusing: draft)
            return Edit(plan.changes, subject: plan.subject, answer: plan)
        }
        let (done, proposal) = try await services.commit(
            transaction, for: call.request, call.context)
        // The newest commit decides, and an uncommitted edit may be why it does so in another way.
        if !done.isNewCommit, !isProposed {
            try services.requireNoEdit(behind: draft.changes, newest, done.snapshot)
        }
        try done.answer.requireNoRefusal(in: done.snapshot)
        return WriteOutcome(
            plan: done.answer, snapshot: done.snapshot, isDryRun: false, commit: done.commit,
            proposal: proposal)
    }
}

extension NativeCall {
    /// What the commit of a write says of the request.
    var trailers: [Trailer] {
        var trailers = [
            Trailer("Request-Id", context.requestID),
            Trailer("Api", "native \(request.method.rawValue) \(path.raw)"),
        ]
        if let idempotencyMark {
            trailers.append(Trailer(Self.idempotencyTrailer, idempotencyMark))
        }
        return trailers
    }

    static let idempotencyTrailer = "Idempotency-Key"
}

/// Several writes that were asked for together cannot be.
struct WritesRefused: Error {
    let refusals: [DocumentPlan.Refusal]
    let count: Int
    let isAlone: Bool
    let snapshot: Snapshot
}

extension DocumentPlan {
    fileprivate func requireNoRefusal(in snapshot: Snapshot) throws(WritesRefused) {
        guard !refusals.isEmpty else { return }
        throw WritesRefused(
            refusals: refusals, count: refusalCount, isAlone: writeCount == 1, snapshot: snapshot)
    }
}

extension DocumentPlan.Step {
    fileprivate func json(withFields: Bool, blob: Revision?) -> JSONValue {
        var object: JSONObject = [
            "collection": .text(key.collection.name), "uid": .text(key.id.text),
            "path": .text(path), "action": .text(action.rawValue),
            "etag": blob.map { .text("\($0)") } ?? .null,
        ]
        if withFields {
            let difference = DocumentDifference(path: path, old: old?.bytes, new: new?.bytes)
            object["fields"] = .array(difference.fields.map(\.json))
            object["more_fields"] = .number(JSONNumber(difference.moreFields))
        }
        return .object(object)
    }
}

extension DocumentPlan.Refusal {
    /// The form of answers; see the schema `Refusal`.
    var json: JSONValue {
        var object: JSONObject = [
            "index": .number(JSONNumber(index)), "collection": .text(key.collection.name),
            "uid": .text(key.id.text), "status": .number(JSONNumber(error.status.code)),
            "detail": .text(error.explanation),
        ]
        for (name, value) in error.details { object[name] = value }
        return .object(object)
    }
}

extension RegistryError {
    /// What a program needs to act on it.
    var details: JSONObject {
        var members = JSONObject()
        switch self {
        case .invalid(_, let document):
            members["pointer"] = document.pointer.map { .text($0.description) }
            members["line"] = document.line.map { .number(JSONNumber($0)) }
        case .referenced(_, let others):
            members["referrers"] = .array(others.prefix(100).map { .text($0.description) })
        case .unmergeable(let conflicts, let problems):
            members["conflicts"] = .array(conflicts.map(\.json))
            members["problems"] = .array(problems.map(\.json))
        default: break
        }
        return members
    }
}

extension Response {
    /// The problem that refused writes are: one alone as it is, several by their places.
    static func problem(_ refused: WritesRefused, _ call: NativeCall) -> Response {
        if refused.isAlone, let only = refused.refusals.first {
            return .problem(only.error, call, in: refused.snapshot)
        }
        let statuses = Set(refused.refusals.map(\.error.status))
        let first = refused.refusals.first
        let status = statuses.count == 1 ? first?.error.status : nil
        let more = refused.count > 1 ? " (and \(refused.count - 1) more)" : ""
        return .problem(
            status ?? .unprocessableContent,
            "Change \(first?.index ?? 0): \(first?.error.explanation ?? "")\(more) "
                + "Nothing was changed; `errors` names each change by its index.", call.context,
            members: [
                "errors": .array(refused.refusals.map(\.json)),
                "error_count": .number(JSONNumber(refused.count)),
            ])
    }

    /// The problem that an error is; a stale version comes with the present one.
    static func problem(
        _ error: RegistryError, _ call: NativeCall, in snapshot: Snapshot
    ) -> Response {
        guard case .stale(let key, _) = error else { return .problem(error, call.context) }
        guard let stored = snapshot[key] else {
            return .problem(
                .preconditionFailed,
                "There is no \(key) (any more); send it without If-Match, with If-None-Match: *, to "
                    + "create it.", call.context, members: ["current": .null])
        }
        let tag = stored.tag(as: .file)
        return .problem(
            .preconditionFailed,
            "\(key) is another version than the request names. `current` is the present one: apply "
                + "the change to it and send that with If-Match: \(tag).", call.context,
            members: ["current": stored.listed], headers: [.eTag: tag.description])
    }
}

extension StoredDocument {
    /// The document among others; see the schema `ListedDocument`.
    var listed: JSONValue {
        var object: JSONObject = [
            "collection": .text(collection.name), "uid": .text(id.text),
            "etag": .text("\(blob)"),
        ]
        if collection.isJSON {
            object["document"] = data ?? .null
        } else {
            object["text"] = .text(String(decoding: bytes, as: UTF8.self))
        }
        return .object(object)
    }
}
