internal import HashTreeCollections
internal import JSON

/// The removal of an item, with everything in it.
public struct CratonRemoval: Sendable {
    private let kind: CratonKind
    private let id: String
    private let caller: CratonCaller
    private let rewritten = RewrittenDevices()

    public init(_ kind: CratonKind, _ id: String, for caller: CratonCaller) {
        self.kind = kind
        self.id = id
        self.caller = caller
    }

    /// Decides against a state of the registry; the whole cascade is one edit.
    public func decide(on snapshot: Snapshot) -> Edit<CratonOutcome> {
        let index = snapshot.craton
        guard let row = index.find(kind, id, for: caller) else {
            return .nothing(.removed(users: []))
        }
        let rows = index.everything(in: row)
        let going = Set(rows.map(\.key))
        if let obstacle = index.obstacle(to: going, rows) {
            return .refused(CratonRefusal(409, obstacle))
        }
        var removal = DocumentRemoval(snapshot, rewritten)
        for row in rows { removal.remove(row.key) }
        let users = rows.filter { $0.family == .user }.map(\.id)
        let name = row.item.name.description.oneLine
        let number = row.family.hasAliases ? " (\(row.alias))" : ""
        let more = rows.count > 1 ? " with \(rows.count - 1) more" : ""
        return Edit(
            removal.changes,
            subject: "\(row.key): remove \(kind.noun) \(name)\(number)\(more)",
            answer: .removed(users: users))
    }
}

extension CratonIndex {
    /// A row and all that goes with it, what is inside first.
    func everything(in row: CratonRow) -> [CratonRow] {
        let inside: [CratonFamily] =
            switch row.family {
            case .device: [.interface]
            case .cell: [.device, .network]
            case .region: [.cell, .device, .network]
            case .cloud: [.region, .cell, .device, .network]
            case .project: [.cloud, .region, .cell, .device, .network, .interface, .user]
            case .network, .interface, .user: []
            }
        var rows: [CratonRow] = []
        var seen: Set<DocumentKey> = []
        for family in inside {
            for order in list(row.key, family).elements() {
                guard seen.insert(order.row.key).inserted else { continue }
                if family == .device, row.family != .project {
                    rows += list(order.row.key, .interface).elements().map(\.row)
                }
                rows.append(order.row)
            }
        }
        // Regions of another cloud may hold what names this one; they stay.
        if row.family == .cloud {
            for region in list(row.key, .region).elements() {
                for other in everything(in: region.row) where seen.insert(other.key).inserted {
                    rows.append(other)
                }
            }
        }
        return rows + [row]
    }

    /// Why these cannot go: a device among them has another below it, or a network an interface
    /// that would stay.
    func obstacle(to going: Set<DocumentKey>, _ rows: [CratonRow]) -> String? {
        for row in rows {
            let name = row.item.name.description
            if row.family == .device,
                let child = list(row.key, .device).elements().first(where: {
                    parent(of: $0.row)?.id == row.id
                })
            {
                return "The device '\(name)' is the parent of '\(child.row.item.name)'; "
                    + "move or remove that one first."
            }
            if row.family == .network,
                let interface = list(row.key, .interface).elements()
                    .first(where: { !going.contains($0.row.key) })
            {
                return "The network '\(name)' is used by the interface "
                    + "'\(interface.row.item.name)'; remove that one first."
            }
        }
        return nil
    }
}
