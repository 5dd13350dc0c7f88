public import JSON

/// A new item as a body of POST asks for it.
public struct CratonCreation: Sendable {
    private let kind: CratonKind
    private let caller: CratonCaller
    private let body: JSONObject
    /// Tells apart what would have one uid.
    private let suffix: String
    /// The UUID of a new project.
    private let uuid: String

    /// - Parameter random: 24 random bytes.
    public init(
        parsing body: JSONValue, _ kind: CratonKind, for caller: CratonCaller, random: [UInt8]
    ) throws(CratonRefusal) {
        self.kind = kind
        self.caller = caller
        self.body = try CratonBody.created(body, kind)
        suffix = lowercaseHex(random.prefix(4))
        uuid = Registry.uuid(ofRandom: Array(random.suffix(16)))
    }

    /// Decides against a state of the registry.
    ///
    /// - Parameter numbers: nil for a trial, whose number is none that will be given out.
    public func decide(
        on snapshot: Snapshot, now: Timestamp, numbers: (any CratonNumbers)?
    ) throws(RegistryError) -> Edit<CratonOutcome> {
        let targets: [CratonReference: CratonRow]
        do throws(CratonRefusal) {
            targets = try self.targets(snapshot.craton)
            try requireFreeName(targets, snapshot.craton)
        } catch {
            return .refused(error)
        }
        let highest = snapshot.craton.aliases.highest(kind.family)
        let number =
            kind.family.hasAliases
            ? try numbers?.next(kind.family, above: highest) ?? highest + 1 : 0
        do throws(CratonRefusal) {
            return try edit(snapshot, number, targets, now)
        } catch {
            return .refused(error)
        }
    }

    private func requireFreeName(
        _ targets: [CratonReference: CratonRow], _ index: CratonIndex
    ) throws(CratonRefusal) {
        let name = body[kind.nameMember]?.string ?? ""
        guard let owner = kind.family.nameOwner, let target = targets[owner] else { return }
        guard index.named(name, kind.family, in: target.key).isEmpty else {
            throw .taken(kind.family)
        }
    }

    private func edit(
        _ snapshot: Snapshot, _ number: Int, _ targets: [CratonReference: CratonRow],
        _ now: Timestamp
    ) throws(CratonRefusal) -> Edit<CratonOutcome> {
        let name = body[kind.nameMember]?.text ?? ""
        let id = uid(for: name, targets, snapshot)
        let key = DocumentKey(kind.collection, id)
        var value: JSONObject = ["uid": .text(id.text)]
        let document: PreparedDocument
        do throws(InvalidDocument) {
            if kind.isDevice {
                fillDevice(&value, id, number, targets, now)
                document = try PreparedDocument(key, bytes: Device.bytes(value))
            } else {
                fill(&value, number, targets, now)
                document = try PreparedDocument(
                    key, bytes: CratonResource.bytes(value, kind.family))
            }
        } catch {
            throw CratonRefusal(400, error.description)
        }
        var changes: [Change] = [.put(document)]
        if let stray = key.variablesKey, snapshot[stray] != nil { changes.append(.remove(stray)) }
        if kind.isDevice {
            let certificate = DocumentKey(.certificates, id)
            if snapshot[certificate] != nil { changes.append(.remove(certificate)) }
        }
        changes += try variables(of: key)
        let shown = kind.family.hasAliases ? " (\(number))" : ""
        return Edit(
            changes, subject: "\(key): create \(kind.noun) \(name.oneLine)\(shown)",
            answer: .created(key))
    }

    /// What the body names, by number.
    private func targets(
        _ index: CratonIndex
    ) throws(CratonRefusal) -> [CratonReference: CratonRow] {
        var targets: [CratonReference: CratonRow] = [:]
        for field in kind.storedFields {
            guard let reference = field.reference, let given = body[field.name] else { continue }
            if reference == .project {
                // Who is no root sees no other project.
                guard let row = given.text.flatMap({ index.find(.projects, $0, for: caller) }),
                    caller.isRoot || row.id == caller.project
                else { throw .notFound }
                targets[reference] = row
                continue
            }
            let number = given.int ?? 0
            guard let row = index.row(reference, numbered: number, in: caller.project) else {
                throw .unknown(reference, number)
            }
            targets[reference] = row
        }
        if targets[.project] == nil, kind != .projects {
            guard let row = index.row(.project, caller.project) else { throw .notFound }
            targets[.project] = row
        }
        return targets
    }

    private func fill(
        _ value: inout JSONObject, _ number: Int, _ targets: [CratonReference: CratonRow],
        _ now: Timestamp
    ) {
        for field in kind.storedFields {
            if let reference = field.reference {
                value[field.member] = targets[reference].map { .text($0.id.text) }
            } else {
                let given = body[field.name]
                value[field.member] = given ?? (field.name == "is_admin" ? .bool(false) : nil)
            }
        }
        value["created_at"] = .text(now.description)
        if kind.family.hasAliases {
            value["craton"] = ["id": .number(JSONNumber(number))]
        }
    }

    private func fillDevice(
        _ value: inout JSONObject, _ id: DocumentID, _ number: Int,
        _ targets: [CratonReference: CratonRow], _ now: Timestamp
    ) {
        value["creation_date"] = .text(now.description)
        value["address"] = body["ip_address"]
        value["public_ssh_key"] = ""
        for list in DeviceList.allCases { value[list.memberName] = [] }
        value["kind"] = .text(kind == .hosts ? "host" : "network-device")
        if body["name"]?.text.map({ !$0.utf8.elementsEqual(id.text.utf8) }) ?? false {
            value["name"] = body["name"]
        }
        value["parent"] = targets[.parent].map { .text($0.id.text) }
        value["region"] = targets[.region].map { .text($0.id.text) }
        var members: JSONObject = ["id": .number(JSONNumber(number))]
        if let cloud = targets[.cloud], cloud.id != targets[.region]?.cloud {
            members["cloud"] = .text(cloud.id.text)
        }
        members["cell"] = targets[.cell].map { .text($0.id.text) }
        for name in CratonMembers.deviceMembers { members[name] = body[name] }
        value["craton"] = .object(CratonMembers.ordered(members))
    }

    private func variables(of key: DocumentKey) throws(CratonRefusal) -> [Change] {
        let read = ItemVariables(
            of: key, variables: body["variables"]?.object ?? [:],
            labels: body["labels"]?.array?.compactMap(\.text) ?? [])
        guard !read.isEmpty, let place = key.variablesKey else { return [] }
        do throws(InvalidDocument) {
            return [.put(try PreparedDocument(place, bytes: read.bytes()))]
        } catch {
            throw CratonRefusal(400, error.description)
        }
    }

    /// The name, where it is free and can be a uid, else the name and a mark.
    private func uid(
        for name: String, _ targets: [CratonReference: CratonRow], _ snapshot: Snapshot
    ) -> DocumentID {
        if kind == .projects, let id = DocumentID(uuid) { return id }
        let wanted =
            kind == .networkInterfaces ? "\(targets[.device]?.id.text ?? "").\(name)" : name
        let isFree = { (id: DocumentID) in snapshot[DocumentKey(kind.collection, id)] == nil }
        if let id = DocumentID(wanted), isFree(id) { return id }
        var text = String.UnicodeScalarView()
        for scalar in wanted.unicodeScalars.prefix(150) {
            text.append(scalar.isControl ? "_" : scalar)
        }
        var id = DocumentID("\(String(text)).\(suffix)")
        var count = 2
        while let taken = id, !isFree(taken) {
            id = DocumentID("\(String(text)).\(suffix).\(count)")
            count += 1
        }
        // Text without controls and with a dot in its middle is always a uid.
        return id ?? targets[.project]?.id ?? caller.project
    }
}

extension String {
    /// Without what would end the line of a commit's subject, and not longer than one.
    var oneLine: String {
        var text = String.UnicodeScalarView()
        for scalar in unicodeScalars.prefix(80) { text.append(scalar.isControl ? " " : scalar) }
        return String(text)
    }
}
