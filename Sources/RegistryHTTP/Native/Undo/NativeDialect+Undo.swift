import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension NativeDialect {
    /// `GET deleted`: what was removed and is gone, newest first.
    func listDeleted(_ call: NativeCall) async throws -> Response {
        let query = call.path.query
        let limit = Int(query.last(of: "limit") ?? "20")
        guard let limit, (1...100).contains(limit) else {
            throw NativeError.invalid("limit", "Must be a number from 1 to 100.")
        }
        let name = query.last(of: "collection")
        let collection = DocumentKind.all.map(\.collection).first { $0.name == name }
        guard name == nil || collection != nil else {
            throw NativeError.invalid("collection", "There is no collection of this name.")
        }
        let found = try await services.store.deleted(
            in: collection, after: query.last(of: "cursor"), limit: limit)
        var headers: HTTPFields = [:]
        if let next = found.next {
            var parts = ["limit=\(limit)", "cursor=\(percentEncoded(next))"]
            if let name { parts.append("collection=\(percentEncoded(name))") }
            let link = call.location("deleted?" + parts.joined(separator: "&"))
            headers[.link] = "<\(link)>; rel=\"next\""
        }
        return call.answer(found.json, headers: headers)
    }

    /// `POST documents/<collection>/<uid>/restore`: `{"at": "2026-01-31T12:00:00Z"}`; and
    /// `POST revert`: `{"commit"}`, or `{"from", "to"}`.
    func undo(_ call: NativeCall) async throws -> Response {
        let order = try await UndoCall(call)
        if try call.isDryRun {
            try call.context.require(.readEverything)
            let preview = try await services.store.preview(of: order.request)
            return call.answer(
                preview.json, headers: [.eTag: EntityTag(preview.tag).description])
        }
        let done = try await services.store.undo(
            order.request, seen: order.tag ?? call.seenTag, by: order.author,
            body: order.message?.isEmpty == true ? nil : order.message,
            trailers: call.trailers,
            judge: call.context.judge(.write, hasMessage: order.message?.isEmpty == false))
        return answer(done, call)
    }

    /// Tells again what a request has taken back.
    func recoverUndo(
        _ call: NativeCall, commit: Revision, before: Revision?
    ) async throws -> Response {
        guard let before else { throw RegistryError.unknownRevision("") }
        let request = try await UndoCall(call).request
        return answer(try await services.store.undone(request, in: commit, on: before), call)
    }

    private func answer(_ done: UndoDone, _ call: NativeCall) -> Response {
        var headers: HTTPFields = [:]
        let commit = done.commit ?? services.store.index.committed.commit
        if let commit { headers[.registryCommit] = "\(commit)" }
        return call.answer(done.json, headers: headers)
    }
}

/// What a request asks to take back.
private struct UndoCall {
    let request: UndoRequest
    let author: Author
    let message: String?
    /// That of the preview which was looked at.
    let tag: String?

    init(_ call: NativeCall) async throws {
        var reader = BodyReader(try await call.body())
        let subject = try Self.subject(call, &reader)
        author = try reader.author(for: call.context.caller)
        message = try reader.text("message") ?? call.request.headers.commitMessage
        tag = try reader.text("tag")
        let takesNeeded = try reader.bool("needed") ?? false
        let choices = try MergeChoices(try reader.array("choices") ?? [])
        try reader.finish()
        request = UndoRequest(subject, takesNeeded: takesNeeded, choices: choices)
    }

    private static func subject(
        _ call: NativeCall, _ reader: inout BodyReader
    ) throws -> UndoRequest.Subject {
        if let name = call.values["collection"] {
            let all = DocumentKind.all.map(\.collection)
            guard let collection = all.first(where: { $0.name == name }),
                let id = DocumentID(call.values["uid"] ?? "")
            else { throw RegistryError.unknownRevision(call.path.raw) }
            return .restore(DocumentKey(collection, id), at: try reader.text("at"))
        }
        let commit = try reader.text("commit")
        let from = try reader.text("from")
        let to = try reader.text("to")
        switch (commit, from) {
        case (let commit?, nil) where to == nil: return .revert(commit: commit)
        case (nil, let from?): return .revertRange(from: from, to: to ?? "HEAD")
        default: throw NativeError.invalid("", "Name either commit, or from and to.")
        }
    }
}

extension NativeCall {
    /// The tag in `If-Match`; nil for `*` and none.
    fileprivate var seenTag: String? {
        EntityTagList(request.headers[values: .ifMatch]).tags.first?.value
    }
}

extension HTTPField.Name {
    /// Which history the answer is from; another one after a purge.
    static let registryGeneration = knownName("Registry-Generation")
    /// RFC 8288.
    static let link = knownName("Link")
}
