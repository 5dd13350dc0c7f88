import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension CosCall {
    /// A read whose tag comes from its bytes: 304 where the client has them.
    func read(_ bytes: [UInt8]) -> Response { read(EntityTag(of: bytes)) { bytes } }

    /// A read: 304 where the client has this version, else what `render` makes.
    func read(
        _ tag: EntityTag?, headers: HTTPFields = [:], render: () -> [UInt8]
    ) -> Response {
        var headers = headers
        headers[.registryCommit] = snapshot.commit?.description
        if isUncommitted { headers[.registryUncommitted] = "true" }
        headers[.eTag] = tag?.description
        if let tag, var unchanged = request.notModified(tag) {
            unchanged.headers[.registryCommit] = snapshot.commit?.description
            return unchanged
        }
        return .json(.ok, render(), headers: headers)
    }

    /// What the snapshot of a read says.
    var rendering: CosRendering { CosRendering(snapshot) }

    /// Whether what is served has an edit in it that nobody has committed.
    private var isUncommitted: Bool {
        let edits = services.store.status.uncommittedEdits.filter(\.isServed)
        guard !edits.isEmpty else { return false }
        if let document { return edits.contains { $0.path == document.path } }
        return edits.contains { $0.path.hasPrefix(model.collection.name + "/") }
    }

    /// The answer to a write: `done` renders what it made, refusals have their own shapes.
    func answer(_ result: CosResult, done: (DocumentKey) -> Response?) -> Response {
        var response = response(to: result.outcome, done: done)
        response.headers[.registryCommit] = result.commit?.description
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

extension HTTPField.Name {
    /// The commit that an answer was made from, or that a write made.
    static let registryCommit = knownName("Registry-Commit")
    /// `true` where the answer holds an edit of the working tree that nobody has committed.
    static let registryUncommitted = knownName("Registry-Uncommitted")
}
