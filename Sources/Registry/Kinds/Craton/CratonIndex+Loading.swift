internal import HashTreeCollections
internal import JSON

/// What a document gives to the index, read beside others on its own thread.
enum CratonPart: Sendable {
    case item(CratonItem)
    case variables(ItemVariables)

    /// Reads a stored document; nil for those that the API does not know.
    init?(_ stored: StoredDocument) {
        guard stored.collection.isVariables || CratonItem.mayShow(stored) else { return nil }
        self.init(stored.content)
    }

    init?(_ content: any Document) {
        if let read = content as? ItemVariables {
            self = .variables(read)
        } else if let item = CratonItem(content: content) {
            self = .item(item)
        } else {
            return nil
        }
    }
}

extension CratonIndex {
    /// Builds the index of many documents, its orders in place.
    init(loading parts: some Sequence<CratonPart>) {
        var loaded: [CratonFamily: [CratonItem]] = [:]
        var variables: [ItemVariables] = []
        for part in parts {
            switch part {
            case .item(let item): loaded[item.kind.family, default: []].append(item)
            case .variables(let read): variables.append(read)
            }
        }
        self.variables = CratonVariables(loading: variables)
        var grouped: [List: [CratonOrder]] = [:]
        var named: [Name: [CratonOrder]] = [:]
        // What is higher comes first: a place needs it.
        let families: [CratonFamily] = [
            .project, .cloud, .user, .region, .cell, .device, .network, .interface,
        ]
        for family in families {
            let items = loaded[family] ?? []
            for item in items {
                self.items[item.key] = item
                _ = aliases.insert(item)
            }
            for item in items {
                guard let row = makeRow(item.key) else { continue }
                rows[item.key] = row
                for list in Self.lists(of: row) { grouped[list, default: []].append(row.order) }
                let (unique, others) = Self.names(of: row)
                for name in others { named[name, default: []].append(row.order) }
                guard let unique else { continue }
                named[unique, default: []].append(row.order)
                if (named[unique]?.count ?? 0) > 1 { sharedNames.insert(unique) }
            }
        }
        for list in grouped.keys where list.family == .device {
            list.owner.flatMap { rows[$0] }?.noteChild()
        }
        lists = TreeDictionary(
            uniqueKeysWithValues: grouped.lazy.map {
                ($0.key, SortedIndex(sorted: $0.value.sorted()))
            })
        names = TreeDictionary(
            uniqueKeysWithValues: named.lazy.map {
                ($0.key, SortedIndex(sorted: $0.value.sorted()))
            })
        findCycles(loaded[.device] ?? [])
    }

    /// Follows every device upwards once.
    private mutating func findCycles(_ devices: [CratonItem]) {
        var settled: Set<DocumentID> = []
        for device in devices where device.parent != nil && !settled.contains(device.key.id) {
            var way: [DocumentID] = []
            var places: [DocumentID: Int] = [:]
            var next: DocumentID? = device.key.id
            while let present = next, let row = rows[DocumentKey(.devices, present)],
                !settled.contains(present)
            {
                if let start = places[present] {
                    cycles.note(Set(way[start...]))
                    break
                }
                places[present] = way.count
                way.append(present)
                next = row.item.parent.flatMap { parent in
                    rows[DocumentKey(.devices, parent)]?.project == row.project ? parent : nil
                }
            }
            settled.formUnion(way)
        }
    }
}
