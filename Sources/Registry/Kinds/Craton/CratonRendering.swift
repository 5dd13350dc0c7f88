internal import HashTreeCollections
public import JSON

/// The JSON that the Craton dialect answers with, made from one snapshot.
public struct CratonRendering: Sendable {
    let shared: SharedSnapshot
    var index: CratonIndex { shared.snapshot.craton }
    /// What addresses begin with, `http://127.0.0.1:8000`.
    let base: String

    public init(_ shared: SharedSnapshot, base: String) {
        self.shared = shared
        self.base = base
    }

    public init(_ snapshot: Snapshot, base: String) {
        self.init(SharedSnapshot(snapshot), base: base)
    }

    /// What an answer shows of an item's variables.
    public enum Shown: Hashable, Sendable {
        case nothing
        case own
        case resolved
    }

    /// One item by its document; nil where there is none.
    public func item(_ key: DocumentKey, _ shown: Shown) -> JSONValue? {
        index.rows[key].map { .object(object(of: $0, shown)) }
    }

    /// Where an item is.
    public func address(of key: DocumentKey) -> String? { index.rows[key].map(address) }

    /// The item of a path.
    public func item(
        _ kind: CratonKind, _ id: String, _ shown: Shown, for caller: CratonCaller
    ) throws(CratonRefusal) -> JSONValue {
        guard let row = index.find(kind, id, for: caller) else { throw .notFound }
        return .object(object(of: row, shown))
    }

    /// `{"variables": {...}}` of the item of a path.
    public func variables(
        _ kind: CratonKind, _ id: String, resolved: Bool, for caller: CratonCaller
    ) throws(CratonRefusal) -> JSONValue {
        let row = try owned(kind, id, for: caller)
        return ["variables": .object(index.variables(of: row, resolved: resolved))]
    }

    /// `{"labels": [...]}` of the item of a path.
    public func labels(
        _ kind: CratonKind, _ id: String, for caller: CratonCaller
    ) throws(CratonRefusal) -> JSONValue {
        let row = try owned(kind, id, for: caller)
        let labels = index.variables.own[row.key]?.labels ?? []
        return ["labels": .array(labels.map { .text($0) })]
    }

    /// The item of a path, if it belongs to what the caller may look into.
    private func owned(
        _ kind: CratonKind, _ id: String, for caller: CratonCaller
    ) throws(CratonRefusal) -> CratonRow {
        guard let row = index.find(kind, id, for: caller),
            row.project == caller.project || caller.isRoot
        else { throw .notFound }
        return row
    }

    /// A list, or the one item that a lookup by name or number finds.
    ///
    /// - Parameter link: an address below ``base``, percent-encoded.
    public func list(
        _ query: CratonQuery, for caller: CratonCaller,
        link: (_ query: [(name: String, value: String)]) -> String
    ) throws(CratonRefusal) -> JSONValue {
        if query.isLookup { return try lookup(query, for: caller) }
        let page = try index.page(query, for: caller)
        let shown: Shown = !query.hasDetails ? .nothing : query.isResolved ? .resolved : .own
        let links = links(to: page, query, link)
        guard let kind = query.subject.kind else {
            func items(_ kind: CratonKind) -> JSONValue {
                .array(page.rows.filter { $0.kind == kind }.map { .object(object(of: $0, shown)) })
            }
            let devices: JSONValue = [
                "hosts": items(.hosts), "network-devices": items(.networkDevices),
            ]
            return ["devices": devices, "links": links]
        }
        let items = JSONValue.array(page.rows.map { .object(object(of: $0, shown)) })
        return kind.listName < "links"
            ? .object([kind.listName: items, "links": links])
            : .object(["links": links, kind.listName: items])
    }

    private func lookup(
        _ query: CratonQuery, for caller: CratonCaller
    ) throws(CratonRefusal) -> JSONValue {
        guard let kind = query.subject.kind else { throw .notFound }
        let project = DocumentKey(.cratonProjects, caller.project)
        let named = query.filters.name.map { name in
            index.named(name, kind.family, in: project).elements()
                .min { $0.alias < $1.alias }?.row
        }
        let numbered = query.filters.id.map { number in
            index.row(kind.family, number).flatMap { $0.project == caller.project ? $0 : nil }
        }
        // Of both, both must be there; the one of that number is shown.
        guard named != .some(.none), numbered != .some(.none),
            let row = (numbered ?? named).flatMap(\.self)
        else { throw .notFound }
        let items = JSONValue.array([.object(object(of: row, .nothing))])
        return kind == .clouds
            ? .object([kind.listName: items, "links": []])
            : .object(["links": [], kind.listName: items])
    }

    private func links(
        to page: CratonPage, _ query: CratonQuery,
        _ link: ([(name: String, value: String)]) -> String
    ) -> JSONValue {
        func entry(_ relation: String, _ marker: String?) -> JSONValue {
            let pairs = query.effective + (marker.map { [("marker", $0)] } ?? [])
            return ["href": .text(link(pairs)), "rel": .text(relation)]
        }
        var links = [
            entry("first", nil), entry("prev", page.previous.map(number)),
            entry("self", query.marker),
        ]
        if let last = page.rows.last { links.append(entry("next", number(last))) }
        return .array(links)
    }

    private func number(_ row: CratonRow) -> String {
        row.family == .project ? row.id.text : String(row.alias)
    }
}

extension CratonRow: Equatable {
    static func == (left: CratonRow, right: CratonRow) -> Bool { left === right }
}

extension CratonRendering {
    /// The members of an item, in the order of their names.
    func object(of row: CratonRow, _ shown: Shown) -> JSONObject {
        var members: [(JSONString, JSONValue)] = []
        let layout = cratonLayouts[row.kind] ?? []
        members.reserveCapacity(layout.count)
        for part in layout {
            switch part.content {
            case .id:
                members.append(
                    (part.name, row.family == .project ? .text(row.id.text) : number(row.alias)))
            case .created:
                let time = Timestamp(microseconds: row.item.created)
                members.append((part.name, .text(time.withoutZone)))
            case .updated:
                members.append(
                    (part.name, row.item.updatedAt.map { .text($0.withoutZone) } ?? .null))
            case .project: members.append((part.name, .text(row.project.text)))
            case .reference(let reference):
                let target = index.target(reference, of: row)
                members.append((part.name, target.map { number($0.alias) } ?? .null))
            case .field(let place): members.append((part.name, row.item.values[place]))
            case .links: members.append((part.name, [["href": .text(up(row)), "rel": "up"]]))
            case .variables:
                guard shown != .nothing else { continue }
                let variables = index.variables(of: row, resolved: shown == .resolved)
                members.append((part.name, .object(variables)))
            }
        }
        return JSONObject(members)
    }

    private func number(_ number: Int) -> JSONValue { .number(JSONNumber(number)) }

    /// The device above, else the cell, else the region.
    private func up(_ row: CratonRow) -> String {
        for reference in [CratonReference.parent, .cell, .region] {
            if let target = index.target(reference, of: row) { return address(of: target) }
        }
        return base
    }

    func address(of row: CratonRow) -> String {
        "\(base)/v1/\(row.kind.path)/\(number(row))"
    }
}

extension Timestamp {
    /// As Craton writes it: without the mark of the zone.
    var withoutZone: String { String(description.dropLast()) }
}

/// What stands where in an item of each kind, in the order of the names.
private struct CratonLayoutPart: Sendable {
    enum Content: Sendable {
        case id, created, updated, project, links, variables
        case reference(CratonReference)
        case field(Int)
    }

    let name: JSONString
    let content: Content
}

private let cratonLayouts: [CratonKind: [CratonLayoutPart]] = Dictionary(
    uniqueKeysWithValues: CratonKind.allCases.map { kind in
        var parts: [CratonLayoutPart] = [
            .init(name: "id", content: .id), .init(name: "created_at", content: .created),
            .init(name: "updated_at", content: .updated),
        ]
        for (place, field) in kind.storedFields.enumerated() where field.isShown {
            let content: CratonLayoutPart.Content =
                switch field.reference {
                case .project: .project
                case let reference?: .reference(reference)
                case nil: .field(place)
                }
            parts.append(.init(name: field.name, content: content))
        }
        if kind != .projects, !parts.contains(where: { $0.name == "project_id" }) {
            parts.append(.init(name: "project_id", content: .project))
        }
        if kind.isDevice { parts.append(.init(name: "links", content: .links)) }
        if kind.hasVariables { parts.append(.init(name: "variables", content: .variables)) }
        return (kind, parts.sorted { $0.name < $1.name })
    })

extension CratonField {
    /// Whether answers show it; who is root is nobody's business.
    fileprivate var isShown: Bool { name != "is_root" }
}
