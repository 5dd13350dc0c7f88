public import JSON

internal import HashTreeCollections

/// The fleet of one project as a tree: clouds, regions, cells, and devices below devices.
public struct Fleet: Sendable {
    /// One place or device of the tree.
    public struct Node: Hashable, Sendable {
        public let key: DocumentKey
        public let kind: CratonKind
        public let name: String
        /// The integer of the API.
        public let number: Int
        /// A device's address; nil for places.
        public let address: String?
        public let isActive: Bool
        /// Of a place, the devices in it; of a device, those right below it.
        public let deviceCount: Int
        /// Whether there is anything to open.
        public let hasChildren: Bool
    }

    /// One variable that counts for a device, and the document that it comes from.
    public struct Variable: Sendable {
        public let name: String
        public let value: JSONValue
        public let source: Node
    }

    private let shared: SharedSnapshot
    /// Whose fleet it is.
    public let project: DocumentID

    private var index: CratonIndex { shared.snapshot.craton }

    /// - Parameter project: nil for the one that `registry.json` names, else the first by name.
    /// - Returns: nil where there is no project, or none of this uid.
    public init?(_ shared: SharedSnapshot, project: DocumentID? = nil) {
        let index = shared.snapshot.craton
        let wanted = project ?? shared.snapshot.settings.defaultProject
        let found =
            wanted.flatMap { index.row(.project, $0)?.id }
            ?? (project == nil ? Self.projects(of: shared.snapshot).first?.key.id : nil)
        guard let found else { return nil }
        self.shared = shared
        self.project = found
    }

    /// The projects of a registry, by name; for each how many devices it has.
    public static func projects(of snapshot: Snapshot) -> [Node] {
        let index = snapshot.craton
        return index.list(nil, .project).elements().map { index.node($0.row) }
            .sorted { ($0.name, $0.key) < ($1.name, $1.key) }
    }

    /// The clouds, oldest first.
    public var clouds: [Node] {
        index.list(DocumentKey(.cratonProjects, project), .cloud).elements()
            .map { index.node($0.row) }
    }

    public var deviceCount: Int {
        index.list(DocumentKey(.cratonProjects, project), .device).count
    }

    /// A place or device; nil where the tree has none of this key.
    public func node(_ key: DocumentKey) -> Node? {
        guard let row = index.rows[key], row.project == project, row.kind.isInTree else {
            return nil
        }
        return index.node(row)
    }

    /// What is right below a node: cells before devices, each oldest first.
    ///
    /// - Returns: those from the one with `offset` others before it, and how many there are.
    public func children(
        of key: DocumentKey, offset: Int = 0, limit: Int
    ) -> (nodes: [Node], total: Int) {
        guard let row = index.rows[key] else { return ([], 0) }
        let rows = index.childRows(of: row)
        let part = rows.dropFirst(max(0, offset)).prefix(max(0, limit))
        return (part.map { index.node($0) }, rows.count)
    }

    /// From the cloud down to a node, itself included; of a long chain of parents the last `most`.
    public func trail(of key: DocumentKey, most: Int = 12) -> [Node] {
        guard var row = index.rows[key], row.project == project, row.kind.isInTree else {
            return []
        }
        var trail = [row]
        while let above = index.above(row) {
            trail.append(above)
            row = above
        }
        return trail.prefix(max(1, most)).reversed().map { index.node($0) }
    }

    /// Every place and device whose name, uid or address `isWanted`, at most `limit`.
    public func search(
        limit: Int, isWanted: (_ texts: [String]) -> Bool
    ) -> [Node] {
        let owner = DocumentKey(.cratonProjects, project)
        var found: [Node] = []
        for family in [CratonFamily.cloud, .region, .cell, .device] {
            for order in index.list(owner, family).elements() {
                guard found.count < limit else { return found }
                let texts = [
                    order.row.item.name.description, order.row.id.text, order.row.address ?? "",
                ]
                if isWanted(texts) { found.append(index.node(order.row)) }
            }
        }
        return found
    }

    /// The variables that count for a device, by name.
    public func variables(of key: DocumentKey) -> [Variable] {
        guard let row = index.rows[key] else { return [] }
        return index.resolved(row).compactMap { variable in
            index.rows[variable.from].map {
                Variable(
                    name: variable.name.description, value: variable.value,
                    source: index.node($0))
            }
        }
    }
}

extension Fleet {
    /// The fleet that a device is part of; nil where the Craton API does not show it.
    public init?(_ shared: SharedSnapshot, of device: DocumentID) {
        guard let row = shared.snapshot.craton.rows[DocumentKey(.devices, device)] else {
            return nil
        }
        self.init(shared, project: row.project)
    }
}

extension CratonKind {
    fileprivate var isInTree: Bool {
        switch self {
        case .clouds, .regions, .cells, .hosts, .networkDevices: true
        default: false
        }
    }
}

extension CratonRow {
    fileprivate var address: String? {
        guard kind.isDevice, let place = kind.place(of: "ip_address") else { return nil }
        return item.values[place].text
    }
}

extension CratonIndex {
    fileprivate func node(_ row: CratonRow) -> Fleet.Node {
        let devices = list(row.key, .device).count
        let hasPlaces =
            row.kind == .clouds && !list(row.key, .region).isEmpty
            || row.kind == .regions && !list(row.key, .cell).isEmpty
        let isActive = row.kind.place(of: "active").flatMap { row.item.values[$0].bool } ?? true
        return Fleet.Node(
            key: row.key, kind: row.kind, name: row.item.name.description, number: row.alias,
            address: row.address, isActive: isActive, deviceCount: devices,
            hasChildren: hasPlaces || hasDevicesToOpen(row, devices))
    }

    /// Whether some device is shown right below a node: those with a parent are shown below that.
    /// Of many devices only the first are asked.
    private func hasDevicesToOpen(_ row: CratonRow, _ count: Int) -> Bool {
        let some = 100
        guard count > 0, count <= some, !row.kind.isDevice else { return count > 0 }
        return !childRows(of: row).isEmpty || row.kind == .clouds
    }

    /// What is right above a node of the tree.
    fileprivate func above(_ row: CratonRow) -> CratonRow? {
        switch row.kind {
        case .regions: target(.cloud, of: row)
        case .cells: target(.region, of: row)
        case .hosts, .networkDevices:
            parent(of: row) ?? target(.cell, of: row) ?? target(.region, of: row)
        default: nil
        }
    }

    fileprivate func childRows(of row: CratonRow) -> [CratonRow] {
        var rows: [CratonRow] = []
        switch row.kind {
        case .clouds:
            list(row.key, .region).forEach { rows.append($0.row) }
        case .regions:
            list(row.key, .cell).forEach { rows.append($0.row) }
            list(row.key, .device).forEach { order in
                if above(order.row)?.id == row.id, parent(of: order.row) == nil {
                    rows.append(order.row)
                }
            }
        case .cells:
            list(row.key, .device).forEach { order in
                if parent(of: order.row) == nil { rows.append(order.row) }
            }
        case .hosts, .networkDevices:
            list(row.key, .device).forEach { order in
                if parent(of: order.row) == row { rows.append(order.row) }
            }
        default: break
        }
        return rows
    }
}
