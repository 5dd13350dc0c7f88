import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension CosCall {
    /// A read: 304 where the client has this version, else what `render` makes.
    func read(
        _ tag: EntityTag?, headers: HTTPFields = [:], render: () -> [UInt8]
    ) -> Response {
        if let tag, let unchanged = unchanged(tag) { return unchanged }
        return .json(.ok, render(), headers: readFields(tag) + headers)
    }

    /// A read of a list, which is sent in pieces.
    func read(_ list: CosList, _ fields: DeviceFields = .all) -> Response {
        let tag = tag(of: list, fields)
        if let unchanged = unchanged(tag) { return unchanged }
        var headers = readFields(tag)
        headers.append(HTTPField(name: .contentType, value: "application/json"))
        let body = lists.body(
            of: list, as: tag, named: "\(path.raw) \(fields.bits)", onlyLength: context.isHead)
        return Response(status: .ok, headers: headers, body: body)
    }

    private func unchanged(_ tag: EntityTag) -> Response? {
        guard var unchanged = request.notModified(tag) else { return nil }
        unchanged.headers[.registryCommit] = context.shared.snapshot.commit?.description
        return unchanged
    }

    /// What every read says of the state that it was made from.
    private func readFields(_ tag: EntityTag?) -> HTTPFields {
        var headers = HTTPFields()
        headers.reserveCapacity(12)
        if let commit = context.shared.snapshot.commit {
            headers.append(HTTPField(name: .registryCommit, value: commit.description))
        }
        if isUncommitted {
            headers.append(HTTPField(name: .registryUncommitted, value: "true"))
        }
        if let tag { headers.append(HTTPField(name: .eTag, value: tag.description)) }
        return headers
    }

    /// What the snapshot of a read says.
    var rendering: CosRendering { CosRendering(context.shared) }

    /// Whether what is served has an edit in it that nobody has committed.
    private var isUncommitted: Bool {
        let edited = context.shared.snapshot.uncommittedPaths
        guard !edited.isEmpty else { return false }
        if let document { return edited.contains(document.path) }
        return edited.contains { $0.hasPrefix(model.collection.name + "/") }
    }

    /// The answer to a write: `done` renders what it made, refusals have their own shapes.
    func answer(_ result: CosResult, done: (DocumentKey) -> Response?) -> Response {
        var response = response(to: result.outcome, done: done)
        response.headers[.registryCommit] = result.commit?.description
        response.headers[.registryProposal] = result.proposal?.description
        if let key = result.outcome.key {
            response.headers[.eTag] = tag(of: key, in: result.snapshot)?.description
        }
        return response
    }

    private func response(
        to outcome: CosOutcome, done: (DocumentKey) -> Response?
    ) -> Response {
        switch outcome {
        case .done(let key): return done(key) ?? unknown
        case .removed: return .empty(.noContent)
        case .fieldErrors(let errors): return .cos(.badRequest, errors.value)
        case .messages(let messages):
            return .cos(.badRequest, .array(messages.map { .text($0) }))
        case .duplicate(let model):
            return .cos(.conflict, ["error": .text(model.duplicateError)])
        case .notFound(let detail): return .cosDetail(.notFound, detail)
        }
    }

    /// Where a new document is: below the path that it was posted to.
    func location(of key: DocumentKey) -> String {
        context.prefix + path.raw + percentEncoded(key.id.text) + "/"
    }
}

extension HTTPFields {
    /// Both, in this order.
    static func + (left: HTTPFields, right: HTTPFields) -> HTTPFields {
        var fields = left
        fields.append(contentsOf: right)
        return fields
    }
}

extension HTTPField.Name {
    /// The commit that an answer was made from, or that a write made.
    static let registryCommit = knownName("Registry-Commit")
    /// `true` where the answer holds an edit of the working tree that nobody has committed.
    static let registryUncommitted = knownName("Registry-Uncommitted")
}
