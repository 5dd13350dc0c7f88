internal import HashTreeCollections
internal import JSON

/// Every variable and label, by whose it is and by its name.
struct CratonVariables: Sendable {
    private(set) var own: TreeDictionary<DocumentKey, ItemVariables> = [:]
    /// Who has a variable of this name, and its value.
    private(set) var holders: TreeDictionary<JSONString, TreeDictionary<DocumentKey, JSONValue>> =
        [:]
    /// Who has a label.
    private(set) var labelled: TreeDictionary<JSONString, TreeSet<DocumentKey>> = [:]

    init() {}

    init(loading all: [ItemVariables]) {
        for read in all { set(read, of: read.owner) }
    }

    mutating func set(_ new: ItemVariables?, of owner: DocumentKey) {
        let old = own[owner]
        own[owner] = new
        for (name, _) in old?.variables ?? [:] where new?.variables[name] == nil {
            holders[name]?[owner] = nil
            if holders[name]?.isEmpty ?? true { holders[name] = nil }
        }
        for (name, value) in new?.variables ?? [:] where old?.variables[name] != value {
            holders[name, default: [:]][owner] = value
        }
        for label in old?.labels ?? [] {
            labelled[JSONString(label)]?.remove(owner)
            if labelled[JSONString(label)]?.isEmpty ?? true { labelled[JSONString(label)] = nil }
        }
        for label in new?.labels ?? [] { labelled[JSONString(label), default: []].insert(owner) }
    }
}

extension CratonIndex {
    /// Where a row's variables come from, the nearest first: itself, for a device the devices above
    /// it, then its own cell, region and cloud, and its project.
    func levels(of row: CratonRow) -> [DocumentKey] {
        var levels = [row.key]
        guard row.kind.inheritsVariables else { return levels }
        if row.kind.isDevice {
            var next = parent(of: row)
            while let device = next {
                levels.append(device.key)
                next = parent(of: device)
            }
        }
        for reference in [CratonReference.cell, .region, .cloud] {
            if let level = target(reference, of: row) { levels.append(level.key) }
        }
        levels.append(DocumentKey(.cratonProjects, row.project))
        return levels
    }

    /// Each variable that counts for a row, with the document that it comes from, by name.
    func resolved(_ row: CratonRow) -> [(name: JSONString, value: JSONValue, from: DocumentKey)] {
        var found: [JSONString: (value: JSONValue, from: DocumentKey)] = [:]
        for level in levels(of: row) {
            for (name, value) in variables.own[level]?.variables ?? [:] where found[name] == nil {
                found[name] = (value, level)
            }
        }
        return found.map { ($0.key, $0.value.value, $0.value.from) }.sorted { $0.name < $1.name }
    }

    /// The variables that an answer shows.
    func variables(of row: CratonRow, resolved isResolved: Bool) -> JSONObject {
        guard isResolved, row.kind.inheritsVariables else {
            return variables.own[row.key]?.variables ?? [:]
        }
        return JSONObject(resolved(row).map { ($0.name, $0.value) })
    }
}
