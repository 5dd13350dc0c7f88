import JSON
import Registry

/// A part of a site where devices work, with the switch that they are connected to.
struct DemoCell: Sendable {
    let uid: String
    let name: String
    /// Of the switch, within the site's network.
    let host: Int

    var switchUID: String { uid + "-switch" }
}

extension DemoSite {
    var cells: [DemoCell] {
        switch code {
        case "rtm":
            [
                DemoCell(uid: "rtm-dock", name: "Dock", host: 2),
                DemoCell(uid: "rtm-aisles", name: "Aisles", host: 3),
            ]
        case "lys":
            [
                DemoCell(uid: "lys-press", name: "Press shop", host: 2),
                DemoCell(uid: "lys-store", name: "Store", host: 3),
            ]
        default: [DemoCell(uid: "oul-field", name: "Field", host: 2)]
        }
    }

    /// What counts for everything at the site.
    fileprivate var variables: JSONObject {
        [
            "max_speed": code == "oul" ? 4 : 2, "ntp": .text("\(network).1"),
            "wifi": ["band": "5 GHz", "ssid": .text("fleet-\(code)")],
        ]
    }
}

extension DemoDevice {
    /// Its place among all devices, from 0.
    private var number: Int { Self.all.firstIndex { $0.uid == uid } ?? 0 }

    private var cell: DemoCell { site.cells[number % site.cells.count] }

    /// The device with its place in the tree of the fleet.
    func placed(_ object: JSONObject) -> JSONValue {
        var object = object
        object["parent"] = .text(cell.switchUID)
        object["region"] = .text(site.code)
        object["craton"] = [
            "id": .number(JSONNumber(DemoPlaces.switches.count + number + 1)),
            "cell": .text(cell.uid), "device_type": .text(model.code),
        ]
        return DemoPlaces.file(object, in: .devices)
    }

    /// What is said of it alone.
    var variables: JSONValue {
        var variables: JSONObject = [:]
        if number % 7 == 3 { variables["max_speed"] = 1 }
        variables["serial"] = .text(serial)
        var labels = [model.code]
        if number % 3 == 0 { labels.append("night-shift") }
        if number % 10 == 9 { labels.append("spare") }
        return [
            "variables": .object(variables), "labels": .array(labels.sorted().map { .text($0) }),
        ]
    }
}

/// The places of the demonstration's fleet, and what is at them before any robot.
enum DemoPlaces {
    private static let project = "3f6d0e4c-8a52-4e0b-9c1d-5b7a2f90c6e1"
    private static let cloud = "harbour"

    static let switches = DemoSite.all.flatMap { site in site.cells.map { (site: site, cell: $0) } }

    /// Every file, as of `moment`.
    static func files(at moment: Timestamp) -> [(path: String, bytes: [UInt8])] {
        let created = JSONValue.text(moment.description)
        func id(_ number: Int) -> JSONValue { ["id": .number(JSONNumber(number + 1))] }
        var files = [
            (
                "craton/projects/\(project).json",
                file(
                    ["uid": .text(project), "name": "harbour", "created_at": created],
                    in: .cratonProjects)
            ),
            (
                "craton/clouds/\(cloud).json",
                file(
                    [
                        "uid": .text(cloud), "name": "Harbour", "project": .text(project),
                        "created_at": created, "craton": id(0),
                    ], in: .cratonClouds)
            ),
            (
                "variables/projects/\(project).json",
                ["variables": ["contact": "fleet@harbour.example", "ntp": "pool.ntp.org"]]
            ),
        ]
        for (number, site) in DemoSite.all.enumerated() {
            let region: JSONObject = [
                "uid": .text(site.code), "name": .text(site.name), "cloud": .text(cloud),
                "created_at": created, "craton": id(number),
            ]
            files.append(("craton/regions/\(site.code).json", file(region, in: .cratonRegions)))
            files.append(
                ("variables/regions/\(site.code).json", ["variables": .object(site.variables)]))
        }
        for (number, (site, cell)) in switches.enumerated() {
            let place: JSONObject = [
                "uid": .text(cell.uid), "name": .text(cell.name), "cloud": .text(cloud),
                "region": .text(site.code), "created_at": created, "craton": id(number),
            ]
            files.append(("craton/cells/\(cell.uid).json", file(place, in: .cratonCells)))
            let device = switchDocument(cell, of: site, number: number, created)
            files.append(("devices/\(cell.switchUID).json", device))
        }
        return files.map { ($0.0, $0.1.canonicalBytes()) }
    }

    private static func switchDocument(
        _ cell: DemoCell, of site: DemoSite, number: Int, _ created: JSONValue
    ) -> JSONValue {
        file(
            [
                "uid": .text(cell.switchUID), "creation_date": created,
                "address": .text("\(site.network).\(cell.host)"), "public_ssh_key": "",
                "kind": "network-device", "name": .text("\(cell.name) switch"),
                "region": .text(site.code), "annotations": ["site": .text(site.name)],
                "craton": [
                    "id": .number(JSONNumber(number + 1)), "cell": .text(cell.uid),
                    "device_type": "switch", "model_name": "Portline 24",
                ],
            ], in: .devices)
    }

    /// The members in the order of files.
    static func file(_ object: JSONObject, in collection: Registry.Collection) -> JSONValue {
        var ordered: JSONObject = [:]
        for name in DocumentKind.of(collection)?.members ?? object.names {
            ordered[name] = object[name]
        }
        return .object(ordered)
    }
}
