internal import HashTreeCollections
internal import JSON

extension CratonIndex {
    /// Takes a document in, or out.
    ///
    /// - Parameter referrers: who names a document, as the snapshot has it after the change.
    mutating func replace(
        _ old: StoredDocument?, by new: StoredDocument?, referrers: (DocumentKey) -> [DocumentKey]
    ) {
        guard let key = (old ?? new)?.key else { return }
        if let owner = key.variablesOwner {
            return variables.set(new?.content as? ItemVariables, of: owner)
        }
        guard CratonFamily(key.collection) != nil else { return }
        let (before, after) = (items[key], new.flatMap { CratonItem($0) })
        guard before != nil || after != nil else { return }
        set(after, at: key, referrers: referrers)
    }

    private mutating func set(
        _ item: CratonItem?, at key: DocumentKey, referrers: (DocumentKey) -> [DocumentKey]
    ) {
        let old = items[key]
        items[key] = item
        var stale = [key]
        let keepsClaim =
            old != nil && item != nil && old?.storedAlias == item?.storedAlias
            && old?.created == item?.created
        if !keepsClaim {
            if let old { stale += aliases.remove(old) }
            if let item { stale += aliases.insert(item) }
        }
        var seen: Set<DocumentKey> = []
        while let next = stale.popLast() {
            let (before, after) = (rows[next], makeRow(next))
            if let before, let after, before.isSame(as: after) { continue }
            if before == nil, after == nil { continue }
            replace(before, by: after, at: next)
            let isMoved = before?.project != after?.project || before?.cloud != after?.cloud
            guard isMoved, seen.insert(next).inserted else { continue }
            stale += referrers(next).filter { CratonFamily($0.collection) != nil }
        }
    }

    /// The item with its number and place; nil while what it needs is not there.
    func makeRow(_ key: DocumentKey) -> CratonRow? {
        guard let item = items[key], let place = place(of: item) else { return nil }
        return CratonRow(
            item, alias: aliases[key] ?? 0, project: place.project, cloud: place.cloud)
    }

    private func place(of item: CratonItem) -> (project: DocumentID, cloud: DocumentID?)? {
        switch item.kind {
        case .projects: return (item.key.id, nil)
        case .clouds, .users:
            return row(.project, item.project).map { ($0.id, nil) }
        case .regions:
            return row(.cloud, item.cloud).map { ($0.project, $0.id) }
        case .cells, .networks, .hosts, .networkDevices:
            guard let region = row(.region, item.region) else { return nil }
            guard let own = item.cloud else { return (region.project, region.cloud) }
            guard let cloud = row(.cloud, own), cloud.project == region.project else { return nil }
            return (region.project, cloud.id)
        case .networkInterfaces:
            return row(.device, item.device).map { ($0.project, nil) }
        }
    }

    private mutating func replace(
        _ old: CratonRow?, by new: CratonRow?, at key: DocumentKey
    ) {
        rows[key] = new
        noteChange(of: key)
        // A change that moves nothing in any list still has to put the new row there.
        if let old {
            for list in Self.lists(of: old) {
                lists[list]?.remove(old.order)
                if lists[list]?.isEmpty ?? true { lists[list] = nil }
            }
            removeName(of: old)
        }
        if let new {
            for list in Self.lists(of: new) {
                lists[list, default: SortedIndex()].insert(new.order)
            }
            row(.parent, new.item.parent)?.noteChild()
            if !children(of: new).isEmpty { new.noteChild() }
            insertName(of: new)
        }
        if key.collection == .devices { noteCycles(key.id) }
    }

    /// The lists that a row is in.
    static func lists(of row: CratonRow) -> [List] {
        let family = row.family
        var lists: [List] = []
        if family == .project || family == .user {
            lists.append(List(owner: nil, family: family))
        }
        for reference in CratonReference.allCases {
            guard let id = row[reference], reference != .project || family != .project else {
                continue
            }
            lists.append(List(owner: reference.key(id), family: family))
        }
        return lists
    }

    /// Under what a row's name is found: where it must differ, and in its project.
    static func names(of row: CratonRow) -> (unique: Name?, others: [Name]) {
        let (family, name) = (row.family, row.item.name)
        let owner = family.nameOwner.flatMap { reference in row[reference].map(reference.key) }
        let unique = owner.map { Name(owner: $0, family: family, name: name) }
        let project = DocumentKey(.cratonProjects, row.project)
        // Interfaces are not looked for by name, and each device has an `eth0`.
        guard family != .interface, owner != project else { return (unique, []) }
        return (unique, [Name(owner: project, family: family, name: name)])
    }

    private mutating func insertName(of row: CratonRow) {
        let (unique, others) = Self.names(of: row)
        for name in others + (unique.map { [$0] } ?? []) {
            names[name, default: SortedIndex()].insert(row.order)
        }
        if let unique, (names[unique]?.count ?? 0) > 1 { sharedNames.insert(unique) }
    }

    private mutating func removeName(of row: CratonRow) {
        let (unique, others) = Self.names(of: row)
        for name in others + (unique.map { [$0] } ?? []) {
            names[name]?.remove(row.order)
            if names[name]?.isEmpty ?? true { names[name] = nil }
        }
        if let unique, (names[unique]?.count ?? 0) < 2 { sharedNames.remove(unique) }
    }

    private mutating func noteCycles(_ id: DocumentID) {
        cycles.forgetCycle(with: id)
        if let cycle = cycle(through: id) { cycles.note(cycle) }
    }

    /// The devices on the way from a device up to itself; nil where its parents end.
    private func cycle(through id: DocumentID) -> Set<DocumentID>? {
        var seen: Set<DocumentID> = []
        var next: DocumentID? = id
        while let present = next, let row = rows[DocumentKey(.devices, present)] {
            guard seen.insert(present).inserted else { return present == id ? seen : nil }
            next = row.item.parent.flatMap { parent in
                rows[DocumentKey(.devices, parent)]?.project == row.project ? parent : nil
            }
        }
        return nil
    }
}
