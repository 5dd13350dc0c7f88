import JSON

@testable import Registry

/// The files of a small fleet.
enum CratonFiles {
    static let project = "b9f10eca-66ac-4c27-9c13-9d01e65f96b4"
    static let other = "00000000-0000-4000-8000-000000000001"
    static let caller = CratonCaller(
        project: DocumentID(project) ?? .sample, user: .sample, name: "u", isAdmin: false,
        isRoot: false)

    static func item(_ uid: String, _ members: JSONObject, id: Int?, at second: Int = 0) -> [UInt8]
    {
        var value: JSONObject = ["uid": .text(uid)]
        for (name, member) in members { value[name] = member }
        let time = Timestamp(microseconds: Int64(1_767_225_600 + second) * 1_000_000)
        value["created_at"] = .text(time.description)
        if let id { value["craton"] = ["id": .number(JSONNumber(id))] }
        return JSONValue.object(value).canonicalBytes()
    }

    static func device(
        _ uid: String, region: String? = "r1", parent: String? = nil, cell: String? = nil,
        id: Int? = nil, at second: Int = 0, kind: String = "host", name: String? = nil
    ) -> [UInt8] {
        let time = Timestamp(microseconds: Int64(1_767_225_600 + second) * 1_000_000)
        var value: JSONObject = [
            "uid": .text(uid), "creation_date": .text(time.description), "address": "10.0.0.1",
            "kind": .text(kind),
        ]
        value["name"] = name.map { .text($0) }
        value["parent"] = parent.map { .text($0) }
        value["region"] = region.map { .text($0) }
        var craton: JSONObject = [:]
        craton["id"] = id.map { .number(JSONNumber($0)) }
        craton["cell"] = cell.map { .text($0) }
        if !craton.isEmpty { value["craton"] = .object(craton) }
        return JSONValue.object(value).canonicalBytes()
    }

    /// A project with a cloud, two regions and a cell.
    static var places: [(path: String, bytes: [UInt8])] {
        [
            (
                "craton/projects/\(project).json",
                item(project, ["name": "demo"], id: nil)
            ),
            ("craton/projects/\(other).json", item(other, ["name": "other"], id: nil)),
            (
                "craton/clouds/c1.json",
                item("c1", ["name": "c1", "project": .text(project)], id: 1)
            ),
            ("craton/clouds/c2.json", item("c2", ["name": "c2", "project": .text(other)], id: 2)),
            ("craton/regions/r1.json", item("r1", ["name": "r1", "cloud": "c1"], id: 1)),
            ("craton/regions/r2.json", item("r2", ["name": "r2", "cloud": "c1"], id: 2)),
            (
                "craton/cells/e1.json",
                item("e1", ["name": "e1", "cloud": "c1", "region": "r1"], id: 1)
            ),
        ]
    }

    static func snapshot(_ more: [(path: String, bytes: [UInt8])] = []) -> Snapshot {
        var snapshot = Snapshot()
        for file in places + more { snapshot.put(path: file.path, bytes: file.bytes) }
        return snapshot
    }
}

extension DocumentID {
    fileprivate static var sample: DocumentID { DocumentID(folding: "sample") }
}
