internal import HashTreeCollections
internal import JSON

/// One page of a list.
public struct CratonPage: Sendable {
    let rows: [CratonRow]
    /// The marker of the page before; nil where that is the first.
    let previous: CratonRow?

    /// Whether there is a page to go on to: behind every page that is not empty.
    public var isEmpty: Bool { rows.isEmpty }
}

extension CratonIndex {
    /// The items of a page.
    func page(
        _ query: CratonQuery, for caller: CratonCaller
    ) throws(CratonRefusal) -> CratonPage {
        let marker = try query.marker.map { text throws(CratonRefusal) in
            try markerRow(text, query, caller)
        }
        guard let source = source(of: query, for: caller) else {
            return CratonPage(rows: [], previous: nil)
        }
        let query = caller.seesAll(query.subject) ? query : query.withinOneProject
        let (after, before) = pages(source, around: marker, query)
        return CratonPage(rows: after, previous: before.last)
    }

    private func pages(
        _ source: Source, around marker: CratonRow?, _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow]) {
        switch source {
        case .kept(let list, _, let passes) where query.keptOrder:
            return pages(of: list, passing: passes, around: marker?.order, query)
        case .kept(let list, let name, let passes):
            return withExtendedLifetime(list) {
                pages(of: list, named: name, passing: passes, around: marker, query)
            }
        case .some(let rows):
            return withExtendedLifetime(rows) {
                pages(
                    among: rows.map { .passUnretained($0) }, passing: { _ in true },
                    around: marker, query)
            }
        }
    }

    /// From a list in an order of the caller's choice: as it is kept, else found by columns, else
    /// among all.
    private func pages(
        of list: SortedIndex<CratonOrder>, named name: List?, passing passes: (CratonRow) -> Bool,
        around marker: CratonRow?, _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow]) {
        if let name {
            if let places = orders.places(of: name, in: self, query.sortKeys, query.subject) {
                let place = marker.map { CratonSorter(self, query).place(of: $0) }
                return pages(of: places, passing: passes, around: place, query)
            }
            // Not before the page is found: sorting would take a core from it.
            defer { orders.keep(name, in: self, query.sortKeys, query.subject) }
            if let found = pagesByColumns(of: name, passing: passes, around: marker, query) {
                return found
            }
            orders.readColumns(of: name, in: self)
        }
        var rows: [Unmanaged<CratonRow>] = []
        rows.reserveCapacity(list.count)
        list.forEach { rows.append(.passUnretained($0.row)) }
        return pages(among: rows, passing: passes, around: marker, query)
    }

    /// Nil where they cannot be found so.
    private func pagesByColumns(
        of list: List, passing passes: (CratonRow) -> Bool, around marker: CratonRow?,
        _ query: CratonQuery
    ) -> (after: [CratonRow], before: [CratonRow])? {
        guard let columns = orders.columns(of: list),
            let few = columns.nearest(4 * query.limit, to: marker, by: query, in: self)
        else { return nil }
        return withExtendedLifetime(columns) {
            let found = pages(among: few.rows, passing: passes, around: marker, query)
            let (after, before) =
                query.isDescending
                ? (few.hasAllBelow, few.hasAllAbove) : (few.hasAllAbove, few.hasAllBelow)
            let isWhole =
                (after || found.after.count == query.limit)
                && (before || found.before.count == query.limit)
            return isWhole ? found : nil
        }
    }

    private func markerRow(
        _ text: String, _ query: CratonQuery, _ caller: CratonCaller
    ) throws(CratonRefusal) -> CratonRow {
        let kinds: [CratonKind] =
            switch query.subject {
            case .devices, .kind(.networkDevices): [.hosts, .networkDevices]
            case .kind(let kind): [kind]
            }
        for kind in kinds {
            if let row = find(kind, text, for: caller) { return row }
        }
        throw .unknownMarker(text)
    }

    /// The items to choose from.
    private enum Source {
        /// In the order that is kept, with what an item must be.
        case kept(SortedIndex<CratonOrder>, of: List?, passes: (CratonRow) -> Bool)
        /// Those that pass, in any order.
        case some([CratonRow])
    }

    /// Nil where a filter names what is not there.
    private func source(of query: CratonQuery, for caller: CratonCaller) -> Source? {
        let (filters, family) = (query.filters, query.subject.family)
        let seesAll = caller.seesAll(query.subject)
        let owner = seesAll ? nil : DocumentKey(.cratonProjects, caller.project)
        var lists: [(list: SortedIndex<CratonOrder>, name: List?)] = []
        func choose(_ owner: DocumentKey?) {
            lists.append((list(owner, family), List(owner: owner, family: family)))
        }
        choose(owner)
        var tests: [(CratonRow) -> Bool] = []
        var ancestor: CratonRow?
        if let kind = query.subject.kind, kind.isDevice { tests.append { $0.kind == kind } }
        for (reference, number) in filters.references {
            guard let target = row(reference, numbered: number, in: caller.project) else {
                return nil
            }
            if reference == .parent, filters.hasDescendants {
                ancestor = target
                continue
            }
            choose(target.key)
            tests.append { self.target(reference, of: $0)?.id == target.id }
        }
        if let name = filters.name {
            let project = DocumentKey(.cratonProjects, caller.project)
            let named =
                seesAll
                ? list(owner, family).filtered { $0.item.name == name }
                : named(name, family, in: project)
            lists.append((named, nil))
            tests.append { $0.item.name == name }
        }
        if let test = test(of: filters, query) { tests.append(test) }
        var few: [CratonRow]?
        for filter in filters.variables {
            let matching = CratonMatching(self, filter, isResolved: query.isResolved)
            tests.append(matching.holds)
            if let rows = matching.candidates(of: query.subject.family) { few = rows }
        }
        let (owned, conditions) = (caller.project, tests)
        let passes = { (row: CratonRow) in
            (row.project == owned || seesAll) && conditions.allSatisfy { $0(row) }
        }
        if filters.id == nil, few == nil, let ancestor,
            let subtree = smallSubtree(below: ancestor, query, caller)
        {
            return .some(subtree.filter(passes))
        }
        let isBelow = ancestor.map { CratonDescent(self, below: $0) }
        let passesAll = { (row: CratonRow) in passes(row) && isBelow?.holds(row) ?? true }
        if let id = filters.id {
            guard let row = row(family, id), row.project == caller.project, passesAll(row) else {
                return nil
            }
            return .some([row])
        }
        if let few { return .some(few.filter(passesAll)) }
        let smallest = lists.min { $0.list.count < $1.list.count }
        return .kept(smallest?.list ?? SortedIndex(), of: smallest?.name, passes: passesAll)
    }

    private func test(
        of filters: CratonQuery.Filters, _ query: CratonQuery
    ) -> ((CratonRow) -> Bool)? {
        var tests: [(CratonRow) -> Bool] = []
        for (name, text) in filters.texts {
            let places = CratonFieldPlaces(name, query.subject)
            tests.append { row in
                places[row].map { row.item.values[$0] == .string(text) } ?? false
            }
        }
        if let isActive = filters.isActive {
            let places = CratonFieldPlaces("active", query.subject)
            tests.append { row in
                places[row].map { row.item.values[$0].bool == isActive } ?? false
            }
        }
        if let label = filters.label {
            let labelled = variables.labelled[label] ?? []
            tests.append { labelled.contains($0.key) }
        }
        if let pattern = filters.likeName {
            tests.append { SQLPattern(pattern).matches($0.item.name.description) }
        }
        return tests.isEmpty ? nil : { row in tests.allSatisfy { $0(row) } }
    }
}

/// Where a field is among the values of a row: of network devices, and of other kinds.
struct CratonFieldPlaces {
    private let networkDevice: Int?
    private let other: Int?

    init(_ name: JSONString, _ subject: CratonQuery.Subject) {
        networkDevice = CratonKind.networkDevices.place(of: name)
        other =
            subject.kind == .networkDevices
            ? nil : (subject.kind ?? .hosts).place(of: name)
    }

    subscript(row: CratonRow) -> Int? { row.kind == .networkDevices ? networkDevice : other }
}

extension CratonCaller {
    /// Whether what is listed is of all projects, not of the caller's alone.
    fileprivate func seesAll(_ subject: CratonQuery.Subject) -> Bool {
        isRoot && (subject.family == .project || subject.family == .user)
    }
}

extension CratonQuery {
    /// Whether the list is asked for in the order that is kept.
    var keptOrder: Bool {
        subject.family != .project
            && (sortKeys == [.created, .id] || sortKeys == [.created])
    }
}

extension SortedIndex<CratonOrder> {
    fileprivate func filtered(_ passes: (CratonRow) -> Bool) -> SortedIndex {
        SortedIndex(sorted: elements().filter { passes($0.row) })
    }
}

/// SQL's LIKE: `%` stands for any text, `_` for one character.
struct SQLPattern {
    private let pattern: [Unicode.Scalar]

    init(_ text: String) { pattern = Array(text.unicodeScalars) }

    /// Without recursion; going back to the last `%` alone is enough.
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var (place, next) = (0, 0)
        var retry: (place: Int, next: Int)?
        while place < scalars.count {
            if next < pattern.count, pattern[next] == "%" {
                retry = (place, next)
                next += 1
            } else if next < pattern.count, pattern[next] == "_" || pattern[next] == scalars[place]
            {
                place += 1
                next += 1
            } else if let last = retry {
                retry = (last.place + 1, last.next)
                (place, next) = (last.place + 1, last.next + 1)
            } else {
                return false
            }
        }
        return pattern[next...].allSatisfy { $0 == "%" }
    }
}
