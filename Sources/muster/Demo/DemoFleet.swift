/// What a demonstration device is, and how many of them a site has.
struct DemoModel: Sendable {
    /// Part of the uid: `amr` in `rtm-amr-01`.
    let code: String
    let name: String
    /// Uids of the dashboards and rule files that devices of this model use from the first day.
    let grafana: [String]
    let foxglove: [String]
    let prometheus: [String]
    let loki: [String]

    static let warehouseRobot = DemoModel(
        code: "amr", name: "Loadrunner 300",
        grafana: ["device-health", "battery"], foxglove: ["teleop", "localisation"],
        prometheus: ["device-down", "battery"], loki: ["error-burst"])
    static let arm = DemoModel(
        code: "arm", name: "Sixfold 12",
        grafana: ["device-health", "joints"], foxglove: ["arm-cell"],
        prometheus: ["device-down", "joint-watch"], loki: ["error-burst", "safety-stop"])
    static let rover = DemoModel(
        code: "rover", name: "Fieldhand 2",
        grafana: ["device-health", "battery", "navigation"], foxglove: ["teleop", "localisation"],
        prometheus: ["device-down", "battery", "disk-space"], loki: ["error-burst"])
}

/// One place where demonstration devices are.
struct DemoSite: Sendable {
    /// The first part of uids.
    let code: String
    let name: String
    /// The network of the devices' addresses, `10.20.4`.
    let network: String
    let fleet: [(model: DemoModel, count: Int)]

    static let all = [
        DemoSite(
            code: "rtm", name: "Rotterdam terminal", network: "10.20.4",
            fleet: [(.warehouseRobot, 12)]),
        DemoSite(
            code: "lys", name: "Lyon plant", network: "10.31.12",
            fleet: [(.arm, 6), (.warehouseRobot, 4)]),
        DemoSite(
            code: "oul", name: "Oulu test field", network: "10.47.0", fleet: [(.rover, 8)]),
    ]
}

/// One demonstration device.
struct DemoDevice: Sendable {
    let uid: String
    let site: DemoSite
    let model: DemoModel
    let address: String
    let serial: String

    /// All 30, by site.
    static let all: [DemoDevice] = DemoSite.all.flatMap { site in
        site.fleet.enumerated().flatMap { block, fleet in
            (1...fleet.count).map { number in
                let digits = number < 10 ? "0\(number)" : "\(number)"
                return DemoDevice(
                    uid: "\(site.code)-\(fleet.model.code)-\(digits)", site: site,
                    model: fleet.model, address: "\(site.network).\(block * 40 + 20 + number)",
                    serial: "\(fleet.model.code.uppercased())-\(2400 + block * 100 + number * 7)")
            }
        }
    }
}

/// The people of the demonstration's history.
enum DemoPerson: String, CaseIterable, Sendable {
    case ines = "Inês Carvalho"
    case jonas = "Jonas Lindqvist"
    case mei = "Mei Tanaka"
    case samir = "Samir Haddad"

    var email: String {
        switch self {
        case .ines: "ines@harbour.example"
        case .jonas: "jonas@harbour.example"
        case .mei: "mei@harbour.example"
        case .samir: "samir@harbour.example"
        }
    }
}
