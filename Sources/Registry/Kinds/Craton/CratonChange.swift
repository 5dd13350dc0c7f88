public import JSON

/// An item as a body of PUT changes it.
public struct CratonChange: Sendable {
    private let kind: CratonKind
    private let id: String
    private let caller: CratonCaller
    private let body: JSONObject

    public init(
        parsing body: JSONValue, _ kind: CratonKind, _ id: String, for caller: CratonCaller
    ) throws(CratonRefusal) {
        self.kind = kind
        self.id = id
        self.caller = caller
        self.body = try CratonBody.changed(body, kind)
    }

    /// Decides against a state of the registry.
    public func decide(on snapshot: Snapshot, now: Timestamp) -> Edit<CratonOutcome> {
        do throws(CratonRefusal) {
            return try decision(on: snapshot, now: now)
        } catch {
            return .refused(error)
        }
    }

    private func decision(
        on snapshot: Snapshot, now: Timestamp
    ) throws(CratonRefusal) -> Edit<CratonOutcome> {
        let index = snapshot.craton
        guard let row = index.find(kind, id, for: caller), let stored = snapshot[row.key] else {
            throw .notFound
        }
        let name = body["name"]?.text ?? row.item.name.description
        let parent = try newParent(of: row, named: name, index)
        if let owner = kind.family.nameOwner, let id = row[owner],
            index.named(JSONString(name), kind.family, in: owner.key(id)).elements()
                .contains(where: { $0.row.id != row.id })
        {
            throw .taken(kind.family)
        }
        var value: JSONObject
        switch stored.content {
        case let device as Device: value = device.value
        case let resource as CratonResource: value = resource.value
        default: throw .notFound
        }
        let before = value
        if kind.isDevice { changeDevice(&value, row) } else { change(&value) }
        if let parent { value["parent"] = parent.row.map { .text($0.id.text) } }
        guard value != before || stored.isLastGood else { return .nothing(.changed(row.key)) }
        var members = value["craton"]?.object ?? [:]
        members["updated_at"] = .text(now.description)
        value["craton"] = .object(CratonMembers.ordered(members))
        let bytes =
            kind.isDevice ? Device.bytes(value) : CratonResource.bytes(value, kind.family)
        do throws(InvalidDocument) {
            return Edit(
                [.put(try PreparedDocument(row.key, bytes: bytes))],
                subject: "\(row.key): change \(kind.noun) \(name.oneLine) (\(row.alias))",
                answer: .changed(row.key))
        } catch {
            throw CratonRefusal(400, error.description)
        }
    }

    /// What the body says of the parent; nil where that stays.
    private func newParent(
        of row: CratonRow, named name: String, _ index: CratonIndex
    ) throws(CratonRefusal) -> (row: CratonRow?, Void)? {
        guard let given = body["parent_id"] else { return nil }
        guard let number = given.int else { return (nil, ()) }
        guard let parent = index.row(.parent, numbered: number, in: caller.project) else {
            throw .unknown(.parent, number)
        }
        guard parent.id != row.id else {
            throw CratonRefusal(
                400,
                "A device cannot be its own parent. The id for '\(name)' cannot be used as its "
                    + "parent_id.")
        }
        guard !index.isBelow(parent, row.id) else {
            throw CratonRefusal(
                400,
                "A device cannot have a descendant as its parent. The parent_id for '\(name)' "
                    + "cannot be set to the id '\(number)'.")
        }
        return (parent, ())
    }

    private func change(_ value: inout JSONObject) {
        for field in kind.storedFields where field.reference == nil {
            if let given = body[field.name] { value[field.member] = given }
        }
    }

    private func changeDevice(_ value: inout JSONObject, _ row: CratonRow) {
        if let name = body["name"]?.text, JSONString(name) != row.item.name {
            value["name"] = name.utf8.elementsEqual(row.id.text.utf8) ? nil : .text(name)
        }
        if let address = body["ip_address"] { value["address"] = address }
        var members = value["craton"]?.object ?? [:]
        for name in CratonMembers.deviceMembers {
            guard let given = body[name] else { continue }
            let field = kind.storedFields.first { $0.name == name }
            if members[name] == nil, given == field?.standard { continue }
            members[name] = given
        }
        value["craton"] = members.isEmpty ? nil : .object(CratonMembers.ordered(members))
    }
}
