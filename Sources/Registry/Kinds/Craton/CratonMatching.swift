internal import HashTreeCollections
internal import JSON

/// Tells quickly which of many items a `vars` filter lets through; asked in one request only.
final class CratonMatching {
    private let index: CratonIndex
    private let filter: CratonVariableFilter
    private let isResolved: Bool
    private let holders: TreeDictionary<DocumentKey, JSONValue>
    /// Whether any device has the variable: else no parent need be asked.
    private let areDevicesHolders: Bool
    /// By device: what it and those above it say of the variable.
    private var known: [DocumentID: Verdict] = [:]
    /// By place: what cell, region, cloud and project say of it.
    private var knownPlaces: [Place: Verdict] = [:]

    private enum Verdict {
        /// None of them has it.
        case silent
        case passes
        case fails
    }

    private struct Place: Hashable {
        let cell: DocumentID?
        let region: DocumentID?
        let cloud: DocumentID?
    }

    init(_ index: CratonIndex, _ filter: CratonVariableFilter, isResolved: Bool) {
        self.index = index
        self.filter = filter
        self.isResolved = isResolved
        holders = index.variables.holders[filter.name] ?? [:]
        areDevicesHolders = holders.keys.contains { $0.collection == .devices }
    }

    /// So many rows are looked at one by one rather than the whole list.
    private static let few = 2_000

    /// All rows of a family that can pass, where they are few and soon found: the documents whose
    /// own value passes, and what hangs below those that are devices. Nil otherwise.
    func candidates(of family: CratonFamily) -> [CratonRow]? {
        var passing: [DocumentKey] = []
        for (key, value) in holders where filter.matches(value) {
            // Everything in a place that has the variable may pass.
            guard key.collection == family.collection, passing.count < Self.few else { return nil }
            passing.append(key)
        }
        var found: [CratonRow] = []
        var seen: Set<DocumentKey> = []
        var waiting = passing.compactMap { index.rows[$0] }
        while let row = waiting.popLast() {
            guard seen.insert(row.key).inserted else { continue }
            guard found.count < Self.few else { return nil }
            found.append(row)
            if isResolved, family == .device {
                waiting += index.children(of: row).elements().lazy.map(\.row)
            }
        }
        return found
    }

    func holds(_ row: CratonRow) -> Bool {
        guard !holders.isEmpty else { return false }
        guard isResolved, row.kind.inheritsVariables else { return verdict(row.key) == .passes }
        if row.kind.isDevice {
            let own = areDevicesHolders ? verdictOfDevices(row) : .silent
            if own != .silent { return own == .passes }
        } else {
            let own = verdict(row.key)
            if own != .silent { return own == .passes }
        }
        return verdictOfPlace(row) == .passes
    }

    private func verdict(_ key: DocumentKey) -> Verdict {
        guard let value = holders[key] else { return .silent }
        return filter.matches(value) ? .passes : .fails
    }

    /// What a device says, else the devices above it.
    private func verdictOfDevices(_ row: CratonRow) -> Verdict {
        var way: [DocumentID] = []
        var next: CratonRow? = row
        var found = Verdict.silent
        while let present = next {
            if let before = known[present.id] {
                found = before
                break
            }
            let own = verdict(present.key)
            if own != .silent {
                known[present.id] = own
                found = own
                break
            }
            way.append(present.id)
            next = index.parent(of: present)
        }
        for id in way { known[id] = found }
        return found
    }

    private func verdictOfPlace(_ row: CratonRow) -> Verdict {
        let place = Place(cell: row[.cell], region: row[.region], cloud: row[.cloud])
        if let found = knownPlaces[place] { return found }
        var found = Verdict.silent
        for reference in [CratonReference.cell, .region, .cloud] where found == .silent {
            if let target = index.target(reference, of: row) { found = verdict(target.key) }
        }
        if found == .silent { found = verdict(DocumentKey(.cratonProjects, row.project)) }
        knownPlaces[place] = found
        return found
    }
}
