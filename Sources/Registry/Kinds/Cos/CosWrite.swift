public import JSON

/// A write of a dashboard or a rule file, as a body asks for it.
public protocol CosObjectWrite: Sendable {
    /// Reads a body; what is wrong with it comes out of ``decide(on:)``.
    init(parsing body: JSONValue, model: CosModel, mode: CosMode)

    /// Decides against a state of the registry.
    func decide(on snapshot: Snapshot) -> Edit<CosOutcome>
}

/// A write of an object that is a uid and one member: a dashboard or a rule file.
struct CosWrite<Content: Document>: Sendable {
    private let model: CosModel
    private let mode: CosMode
    private let member: String
    private let body: Result<Members, FieldErrors>

    private struct Members: Sendable {
        let uid: CosField<DocumentID>
        let content: CosField<Content>
    }

    init(
        parsing body: JSONValue, model: CosModel, mode: CosMode, member: String,
        read: (JSONObject) -> CosField<Content>
    ) {
        self.model = model
        self.mode = mode
        self.member = member
        self.body = Result { () throws(FieldErrors) in
            let members = try FieldErrors.members(of: body)
            return Members(
                uid: CosField(uidOf: members, isRequired: mode.requiresMembers),
                content: read(members))
        }
    }

    /// The uid of a body is judged, also for being taken, and never renames.
    func decide(
        on snapshot: Snapshot, isSame: (Content, Content) -> Bool, bytes: (Content) -> [UInt8]
    ) -> Edit<CosOutcome> {
        let stored = mode.target.flatMap { snapshot[DocumentKey(model.collection, $0)] }
        if mode.target != nil, stored == nil {
            return .nothing(.notFound(detail: model.unknownDetail))
        }
        let members: Members
        switch body {
        case .success(let read): members = read
        case .failure(let errors): return .nothing(.fieldErrors(errors))
        }
        let isTaken =
            members.uid.value.map { id in
                id != mode.target && snapshot[DocumentKey(model.collection, id)] != nil
            } ?? false
        if isTaken, stored == nil, members.content.messages.isEmpty {
            return .nothing(.duplicate(model))
        }
        var errors = FieldErrors()
        errors.add(isTaken ? [model.takenMessage] : members.uid.messages, to: "uid")
        errors.add(members.content.messages, to: member)
        guard errors.isEmpty else { return .nothing(.fieldErrors(errors)) }
        if let stored {
            return change(stored, to: members.content.value, isSame, bytes)
        }
        guard let uid = members.uid.value, let content = members.content.value else {
            return .nothing(.fieldErrors(errors))
        }
        let key = DocumentKey(model.collection, uid)
        return Edit(
            [.put(PreparedDocument(key, content: content, bytes: bytes(content)))],
            subject: "\(key): create", answer: .done(key))
    }

    private func change(
        _ stored: StoredDocument, to content: Content?, _ isSame: (Content, Content) -> Bool,
        _ bytes: (Content) -> [UInt8]
    ) -> Edit<CosOutcome> {
        let key = stored.key
        guard let old = stored.content as? Content else { return .nothing(.done(key)) }
        let isUnchanged = content.map { isSame($0, old) } ?? true
        guard !isUnchanged || stored.isLastGood else { return .nothing(.done(key)) }
        let new = content ?? old
        let verb = mode.requiresMembers ? "replace" : "change"
        return Edit(
            [.put(PreparedDocument(key, content: new, bytes: bytes(new)))],
            subject: "\(key): \(verb)", answer: .done(key))
    }
}
