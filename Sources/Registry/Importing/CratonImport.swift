internal import JSON

/// What a client has read from Craton's API: answers of its lists, one or many in a file.
///
/// `{"clouds": [...], "hosts": [...], "devices": {"hosts": [...]}, ...}`, or a list of such objects,
/// as pages are. Items look as the API shows them with `details=true&resolved-values=false`.
public struct CratonImport: Sendable {
    private var items: [CratonKind: [JSONObject]] = [:]
    private var strange: [String: Int] = [:]

    /// - Throws: when the file holds no such answers.
    public init(parsing bytes: [UInt8]) throws(InvalidDocument) {
        let value = try JSONValue(dump: bytes)
        guard let pages = value.array ?? value.object.map({ [.object($0)] }),
            pages.allSatisfy({ $0.object != nil })
        else {
            throw InvalidDocument(
                "A dump of Craton is an object of lists, or a list of such objects.",
                at: JSONPointer())
        }
        for page in pages { take(page.object ?? [:]) }
    }

    private mutating func take(_ page: JSONObject) {
        for (name, value) in page where name != "links" {
            if name == "devices", let lists = value.object {
                take(lists)
            } else if let kind = CratonKind.allCases.first(where: {
                $0.listName == name || JSONString($0.path) == name
            }), let list = value.array {
                items[kind, default: []] += list.compactMap(\.object)
                let others = list.count { $0.object == nil }
                if others > 0 { strange["\(name): no object", default: 0] += others }
            } else {
                strange["\(name): no list of this API", default: 0] += 1
            }
        }
    }

    /// Decides against a state of the registry; all items are one edit.
    public func decide(on snapshot: Snapshot) -> Edit<ImportReport> {
        var taking = CratonTaking(snapshot)
        for (what, count) in strange.sorted(by: { $0.key < $1.key }) {
            taking.draft.report.leave(what, "left out, \(count) in all")
        }
        let order: [CratonKind] = [
            .projects, .users, .clouds, .regions, .cells, .hosts, .networkDevices, .networks,
            .networkInterfaces,
        ]
        // Devices may name one another in any order, so each needs its uid before any is written.
        for kind in order where kind.isDevice { taking.nameDevices(items[kind] ?? [], kind) }
        for kind in order {
            for item in items[kind] ?? [] { taking.take(item, kind) }
        }
        taking.noteMembers()
        let draft = taking.draft
        return Edit(
            draft.changes, subject: "import: \(draft.report.count) documents of Craton",
            answer: draft.report)
    }
}

/// The work of one import.
private struct CratonTaking {
    var draft: ImportDraft
    /// What each number of the dump has become.
    private var uids: [CratonAliases.Number: DocumentID] = [:]
    /// Numbers of devices that will be written, before they are.
    private var planned: [Int: DocumentID] = [:]
    private var usedNumbers: Set<CratonAliases.Number> = []
    /// The ids of the dump so far.
    private var seen: Set<CratonAliases.Number> = []
    private var usedNames: Set<CratonIndex.Name> = []
    private var unknownMembers: [String: Int] = [:]
    /// The clouds of the dump's regions.
    private var regionClouds: [DocumentID: String] = [:]

    private var index: CratonIndex { draft.snapshot.craton }

    init(_ snapshot: Snapshot) { draft = ImportDraft(snapshot) }

    mutating func nameDevices(_ items: [JSONObject], _ kind: CratonKind) {
        var taken = Set(planned.values)
        for item in items {
            guard let number = item["id"]?.int, let name = item["name"]?.text,
                planned[number] == nil
            else { continue }
            var id = draft.freeID(name, in: .devices, seed: "device \(number)")
            var count = 2
            while taken.contains(id) {
                id = draft.freeID("\(name).\(number).\(count)", in: .devices, seed: "\(number)")
                count += 1
            }
            taken.insert(id)
            planned[number] = id
        }
    }

    mutating func take(_ item: JSONObject, _ kind: CratonKind) {
        let name = item[kind.nameMember]?.text ?? ""
        let what = "\(kind.path) \((item["id"] ?? .null).keyText) (\(name.oneLine))"
        noteMembers(of: item, kind)
        if let number = item["id"]?.int,
            !seen.insert(.init(family: kind.family, value: number)).inserted
        {
            return draft.report.leave(what, "the dump has this id twice")
        }
        var value: JSONObject = [:]
        for field in kind.storedFields {
            guard let given = given(field, item, kind), !given.isNull else { continue }
            guard let reference = field.reference else {
                guard field.accepts(given) else {
                    let reason = "its \(field.name) must be \(field.expectation)"
                    return draft.report.leave(what, reason)
                }
                value[field.member] = given
                continue
            }
            if let id = target(reference, given) {
                value[field.member] = .text(id.text)
            } else if field.isRequired {
                let named = given.keyText
                return draft.report.leave(
                    what, "it names the \(reference.rawValue) \(named), which is not there")
            } else {
                draft.report.leave(
                    what, "its \(reference.rawValue) \(given.keyText) is not there and left away")
            }
        }
        if let existing = existing(kind, name, value) {
            remember(item, kind, existing)
            return draft.report.leave(what, "\(existing) exists already under this name")
        }
        write(item, kind, name, value, what)
    }

    private func given(
        _ field: CratonField, _ item: JSONObject, _ kind: CratonKind
    ) -> JSONValue? {
        // The original answers with numbers as text here.
        if field.name == "speed", let text = item["speed"]?.text, let number = Int(text) {
            return .number(JSONNumber(number))
        }
        return item[field.name]
    }

    /// What a number, or the UUID of a project, stands for.
    private func target(_ reference: CratonReference, _ given: JSONValue) -> DocumentID? {
        if reference == .project {
            guard let id = given.text.flatMap({ canonicalUUID($0) }).flatMap({ DocumentID($0) }),
                draft.isTaken(DocumentKey(.cratonProjects, id))
            else { return nil }
            return id
        }
        guard let number = given.int else { return nil }
        if reference.family == .device, let id = planned[number] { return id }
        return uids[.init(family: reference.family, value: number)]
            ?? index.row(reference.family, number)?.id
    }

    /// The item of this name that is where this one would be.
    private func existing(
        _ kind: CratonKind, _ name: String, _ value: JSONObject
    ) -> DocumentKey? {
        if kind == .projects { return nil }
        guard let owner = owner(kind, value) else { return nil }
        let row = index.named(JSONString(name), kind.family, in: owner).elements()
            .first { _ in true }
        return row.map(\.row.key)
    }

    private func owner(_ kind: CratonKind, _ value: JSONObject) -> DocumentKey? {
        guard let reference = kind.family.nameOwner,
            let id = value[reference.member]?.text.flatMap({ DocumentID($0) })
        else { return nil }
        return reference.key(id)
    }

    private mutating func remember(_ item: JSONObject, _ kind: CratonKind, _ key: DocumentKey) {
        guard let number = item["id"]?.int else { return }
        uids[.init(family: kind.family, value: number)] = key.id
        if kind.isDevice { planned[number] = key.id }
    }

    private mutating func write(
        _ item: JSONObject, _ kind: CratonKind, _ name: String, _ members: JSONObject,
        _ what: String
    ) {
        if let owner = owner(kind, members) {
            let unique = CratonIndex.Name(owner: owner, family: kind.family, name: JSONString(name))
            guard usedNames.insert(unique).inserted else {
                return draft.report.leave(what, "another one of the dump has this name")
            }
        }
        guard let id = uid(of: item, kind, name, members) else {
            return draft.report.leave(what, "its id is none")
        }
        let key = DocumentKey(kind.collection, id)
        var value = members
        value["uid"] = .text(id.text)
        var craton: JSONObject = [:]
        craton["id"] = number(of: item, kind, what)
        if let updated = item["updated_at"], !updated.isNull {
            craton["updated_at"] = .text(updated.zonedText)
        }
        let created = item["created_at"].map { JSONValue.text($0.zonedText) }
        if kind.isDevice {
            value = device(value, kind, id, name, created, craton)
        } else {
            value["created_at"] = created
            if !craton.isEmpty { value["craton"] = .object(craton) }
        }
        let bytes =
            kind.isDevice ? Device.bytes(value) : CratonResource.bytes(value, kind.family)
        guard draft.put(key, bytes, of: what) else {
            if kind.isDevice, let number = item["id"]?.int { planned[number] = nil }
            return
        }
        remember(item, kind, key)
        if kind == .regions { regionClouds[id] = members["cloud"]?.text }
        takeVariables(item, key, what)
        if kind == .users, let text = item["api_key"]?.text, !text.isEmpty {
            draft.report.keys.append((id, text))
        }
    }

    private func uid(
        of item: JSONObject, _ kind: CratonKind, _ name: String, _ members: JSONObject
    ) -> DocumentID? {
        if kind == .projects {
            return item["id"]?.text.flatMap { canonicalUUID($0) }.flatMap { DocumentID($0) }
        }
        guard let number = item["id"]?.int else { return nil }
        if kind.isDevice { return planned[number] }
        let wanted =
            kind == .networkInterfaces ? "\(members["device"]?.text ?? "").\(name)" : name
        return draft.freeID(wanted, in: kind.collection, seed: "\(kind.family) \(number)")
    }

    /// The number that it had, where nobody else has it.
    private mutating func number(
        of item: JSONObject, _ kind: CratonKind, _ what: String
    ) -> JSONValue? {
        guard kind.family.hasAliases, let number = item["id"]?.int else { return nil }
        let alias = CratonAliases.Number(family: kind.family, value: number)
        guard number > 0, number < CratonAliases.firstDerived,
            index.aliases.claimants(of: alias).isEmpty, usedNumbers.insert(alias).inserted
        else {
            draft.report.leave(what, "its number \(number) is taken; it is shown by another one")
            return nil
        }
        return .number(JSONNumber(number))
    }

    private func device(
        _ members: JSONObject, _ kind: CratonKind, _ id: DocumentID, _ name: String,
        _ created: JSONValue?, _ craton: JSONObject
    ) -> JSONObject {
        var value: JSONObject = ["uid": .text(id.text), "public_ssh_key": ""]
        value["creation_date"] = created
        value["address"] = members["ip_address"]
        for list in DeviceList.allCases { value[list.memberName] = [] }
        value["kind"] = .text(kind == .hosts ? "host" : "network-device")
        if !name.utf8.elementsEqual(id.text.utf8) { value["name"] = .text(name) }
        value["parent"] = members["parent"]
        value["region"] = members["region"]
        var craton = craton
        let own = members["region"]?.text.flatMap { DocumentID($0) }
            .flatMap { cloud(ofRegion: $0) }
        if let cloud = members["cloud"]?.text, cloud != own { craton["cloud"] = .text(cloud) }
        for name in ["cell"] + CratonMembers.deviceMembers { craton[name] = members[name] }
        if !craton.isEmpty { value["craton"] = .object(CratonMembers.ordered(craton)) }
        return value
    }

    /// The cloud of a region, of the registry or of the dump.
    private func cloud(ofRegion id: DocumentID) -> String? {
        if let cloud = regionClouds[id] { return cloud }
        let stored = draft.snapshot[DocumentKey(.cratonRegions, id)]
        return (stored?.content as? CratonResource)?[.cloud]?.text
    }

    private mutating func takeVariables(_ item: JSONObject, _ key: DocumentKey, _ what: String) {
        let variables = item["variables"]?.object ?? item["vars"]?.object ?? [:]
        let labels = item["labels"]?.array?.compactMap(\.text) ?? []
        let read = ItemVariables(of: key, variables: variables, labels: labels)
        guard !read.isEmpty, let place = key.variablesKey else { return }
        draft.put(place, read.bytes(), of: "variables of \(what)")
    }

    private mutating func noteMembers(of item: JSONObject, _ kind: CratonKind) {
        let known: [JSONString] = [
            "id", "created_at", "updated_at", "project_id", "links", "variables", "vars", "labels",
            "api_key", "roles", "type", "is_root",
        ]
        for name in item.names
        where !known.contains(name) && !kind.fields.contains(where: { $0.name == name }) {
            unknownMembers["\(name) of \(kind.path)", default: 0] += 1
        }
    }

    /// Says which members nobody knows.
    mutating func noteMembers() {
        for (name, count) in unknownMembers.sorted(by: { $0.key < $1.key }) {
            draft.report.leave(
                name,
                "there is no such member; left away in \(count) \(count == 1 ? "item" : "items")")
        }
    }
}
