import Hummingbird
import JSON
import Registry
import RegistryHTML

extension PagesDialect {
    /// How many children of one node a page shows.
    private static let levelSize = 100
    /// How many of the levels above the open one.
    private static let contextSize = 30

    /// `/fleet/`: `node` is open, `from` turns its children, `q` searches, `project` chooses.
    func fleet(_ call: PageCall) async -> Response {
        let query = call.path.query
        let named = query.last(of: "project").flatMap { DocumentID($0) }
        let projects = Fleet.projects(of: call.snapshot).map {
            FleetProject(uid: $0.key.id.text, name: $0.name, deviceCount: $0.deviceCount)
        }
        guard let fleet = Fleet(call.context.shared, project: named) else {
            guard named == nil else { return await call.noNode }
            return await answer(FleetPage(projects: projects, project: nil), call)
        }
        var page = FleetPage(
            projects: projects, project: fleet.project.text, deviceCount: fleet.deviceCount)
        let filter = TextFilter(query.last(of: "q"))
        if !filter.isEmpty {
            page.query = filter.query
            let found = fleet.search(limit: Self.levelSize + 1) { texts in
                // Most texts are passed over without a copy in small letters.
                texts.contains { filter.mayBeFound(in: Array($0.utf8)) } && filter.matches(texts)
            }
            page.hasMore = found.count > Self.levelSize
            page.found = found.prefix(Self.levelSize).map { node in
                FleetFound(
                    node: FleetNode(node),
                    trail: fleet.trail(of: node.key).dropLast().map { FleetNode($0) })
            }
            return await answer(page, call)
        }
        let open = query.last(of: "node").map { Self.key(ofPath: $0) }
        guard let rows = Self.rows(fleet, open, from: query.last(of: "from")) else {
            return await call.noNode
        }
        page.rows = rows
        return await answer(page, call)
    }

    private func answer(_ page: FleetPage, _ call: PageCall) async -> Response {
        call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// The tree with one node open, and those above it; nil where there is none of this name.
    private static func rows(
        _ fleet: Fleet, _ open: DocumentKey??, from text: String?
    ) -> [FleetRow]? {
        let clouds = fleet.clouds
        var trail: [Fleet.Node] = []
        if let open {
            guard let key = open, fleet.node(key) != nil else { return nil }
            trail = fleet.trail(of: key)
        } else if clouds.count == 1, let only = clouds.first {
            trail = [only]
        }
        guard let from = text.map({ Int($0) }) ?? 0, from >= 0 else { return nil }
        let start = trail.isEmpty ? from : 0
        let level = clouds.dropFirst(start).prefix(trail.isEmpty ? levelSize : contextSize)
        var rows: [FleetRow] = []
        append(
            (Array(level), clouds.count), below: nil, from: start, trail: trail[...],
            lastFrom: from, of: fleet, to: &rows)
        return rows
    }

    /// Appends a level, and after the node that is open what is below it: as deep as the trail,
    /// which has a dozen nodes at the most.
    ///
    /// - Parameters:
    ///   - from: how many of the level come before `level.nodes`.
    ///   - trail: the nodes that are open, from this level on.
    ///   - lastFrom: where the children of the last of them begin.
    private static func append(
        _ level: (nodes: [Fleet.Node], total: Int), below: Fleet.Node?, from: Int,
        trail: ArraySlice<Fleet.Node>, lastFrom: Int, of fleet: Fleet, depth: Int = 0,
        to rows: inout [FleetRow]
    ) {
        let path = below.map { FleetNode($0).path }
        func more(from: Int, isBack: Bool) -> FleetRow {
            .more(below: path, depth: depth, from: from, total: level.total, isBack: isBack)
        }
        if from > 0 { rows.append(more(from: from, isBack: true)) }
        var nodes = level.nodes
        let open = trail.first
        if let open, !nodes.contains(where: { $0.key == open.key }) { nodes.append(open) }
        for node in nodes {
            let isOpen = node.key == open?.key
            rows.append(.node(FleetNode(node), depth: depth, isOpen: isOpen, above: path))
            guard isOpen else { continue }
            let isLast = trail.count == 1
            let start = isLast ? lastFrom : 0
            let children = fleet.children(
                of: node.key, offset: start, limit: isLast ? levelSize : contextSize)
            append(
                children, below: node, from: start, trail: trail.dropFirst(), lastFrom: lastFrom,
                of: fleet, depth: depth + 1, to: &rows)
        }
        let next = from + level.nodes.count
        if next < level.total { rows.append(more(from: next, isBack: false)) }
    }

    /// `regions/hall-2` in addresses; nil for what is no place and no device.
    private static func key(ofPath path: String) -> DocumentKey? {
        guard let slash = path.firstIndex(of: "/") else { return nil }
        let collections: [String: Registry.Collection] = [
            "clouds": .cratonClouds, "regions": .cratonRegions, "cells": .cratonCells,
            "devices": .devices,
        ]
        guard let collection = collections[String(path[..<slash])],
            let id = DocumentID(String(path[path.index(after: slash)...]))
        else { return nil }
        return DocumentKey(collection, id)
    }
}

extension PageCall {
    fileprivate var noNode: Response {
        get async {
            await message(
                MessagePage(
                    status: 404, title: "Not found", message: "The fleet has no such place.",
                    advice: "Begin at the top of the tree, or search."))
        }
    }

    /// What the fleet says of a device, as far as the reader may see what says it; nil where it is in
    /// none.
    func place(of device: DocumentID) -> DevicePlace? {
        guard let fleet = Fleet(context.shared, of: device) else { return nil }
        let key = DocumentKey(.devices, device)
        guard let node = fleet.node(key) else { return nil }
        func mayRead(_ node: Fleet.Node) -> Bool { context.may(.read, in: .document(node.key)) }
        return DevicePlace(
            trail: fleet.trail(of: key).filter(mayRead).map { FleetNode($0) }, number: node.number,
            variables: fleet.variables(of: key).filter { mayRead($0.source) }.map { variable in
                FleetVariable(
                    name: variable.name, value: String(variable.value.description.prefix(2_000)),
                    source: FleetNode(variable.source), isOwn: variable.source.key == key)
            },
            labels: snapshot.variables(of: key).labels)
    }
}

extension FleetNode {
    init(_ node: Fleet.Node) {
        let isDevice = node.kind.isDevice
        self.init(
            path: "\(isDevice ? "devices" : node.kind.path)/\(node.key.id)", kind: node.kind.noun,
            name: node.name, number: node.number, device: isDevice ? node.key.id.text : nil,
            address: node.address, isActive: node.isActive, deviceCount: node.deviceCount,
            hasChildren: node.hasChildren)
    }
}
