/// Something that happened to the demonstration's registry.
enum DemoEvent: Sendable {
    /// The dashboard as it is with its first `panels` panels.
    case draw(DemoDashboard, panels: Int)
    case refresh(DemoDashboard, every: String)
    case layOut(DemoLayout)
    case alert(DemoRuleFile, threshold: Int)
    /// The places of the fleet, and their switches.
    case layOutFleet
    case register(DemoDevice)
    /// The device gets its place in the fleet, and its labels.
    case place(DemoDevice)
    case readdress(DemoDevice, host: Int)
    /// The device takes up the dashboard for the network, which came later than most devices.
    case watchNetwork(DemoDevice)
    case annotate(DemoDevice, name: String, text: String)
    case request(DemoDevice)
    case sign(DemoDevice)
    case deny(DemoDevice)

    var device: DemoDevice? {
        switch self {
        case .draw, .refresh, .layOut, .alert, .layOutFleet: nil
        case .register(let device), .place(let device), .readdress(let device, _),
            .watchNetwork(let device), .annotate(let device, _, _), .request(let device),
            .sign(let device), .deny(let device):
            device
        }
    }

    /// What a commit's subject says of a device or certificate.
    var verb: String {
        switch self {
        case .register: "register"
        case .place: "give it a place"
        case .request: "request"
        case .sign: "sign"
        case .deny: "deny"
        case .annotate(_, let name, _): "note the \(name)"
        default: "change"
        }
    }

    var isRequest: Bool { if case .request = self { true } else { false } }
}

/// The events of five months, each with how long ago it was.
struct DemoPlan {
    private(set) var events: [(daysAgo: Double, event: DemoEvent)] = []
    private var random = SplitMix64(seed: 20_240_229)

    init() {
        planDashboards()
        planRules()
        events.append((144, .layOutFleet))
        for (number, device) in DemoDevice.all.enumerated() { plan(device, number: number) }
        events.sort { $0.daysAgo > $1.daysAgo }
    }

    private mutating func planDashboards() {
        for (number, dashboard) in DemoDashboard.all.enumerated() {
            let start = dashboard.uid == "network" ? 60 : 149 - Double(number) / 4
            events.append((start, .draw(dashboard, panels: 2)))
            for panels in stride(from: 3, through: dashboard.panels.count, by: 1) {
                events.append((days(from: start - 1, to: 2), .draw(dashboard, panels: panels)))
            }
            events.append(
                (days(from: 50, to: 3), .refresh(dashboard, every: number % 2 == 0 ? "1m" : "10s")))
        }
        for (number, layout) in DemoLayout.all.enumerated() {
            events.append((147 - Double(number) / 5, .layOut(layout)))
        }
    }

    private mutating func planRules() {
        for (number, file) in DemoRuleFile.all.enumerated() {
            events.append((146 - Double(number) / 6, .alert(file, threshold: 0)))
            for threshold in file.thresholds.indices.dropFirst() {
                events.append(
                    (
                        100 / Double(threshold) - Double(number) * 4,
                        .alert(file, threshold: threshold)
                    ))
            }
        }
    }

    private mutating func plan(_ device: DemoDevice, number: Int) {
        let start = 140 - Double(number) * 3.1
        events.append((start, .register(device)))
        events.append((start - 0.02, .place(device)))
        events.append((start - 0.01, .request(device)))
        switch number {
        case 27...: break  // Still pending.
        case 13: events.append((start - 0.4, .deny(device)))
        default: events.append((start - 0.3, .sign(device)))
        }
        for host in 0..<(2 + number % 4) {
            events.append(
                (days(from: start - 2, to: 0.2), .readdress(device, host: 80 + number + host * 25))
            )
        }
        events.append((min(start - 0.5, days(from: 58, to: 50)), .watchNetwork(device)))
        events.append(
            (days(from: start - 1, to: 1), .annotate(device, name: "place", text: place(number))))
        if number % 3 == 0 {
            let note = "Wheel hubs greased, torque checked"
            events.append(
                (days(from: start - 1, to: 0.1), .annotate(device, name: "service", text: note)))
        }
    }

    private func place(_ number: Int) -> String {
        ["Dock A, charger \(number + 1)", "Hall 2, cell \(number % 6 + 1)", "Aisle \(number + 3)"][
            number % 3]
    }

    private mutating func days(from earliest: Double, to latest: Double) -> Double {
        Double.random(in: min(earliest, latest)...max(earliest, latest), using: &random)
    }
}

/// A small generator whose numbers are the same in every run (Steele, Lea and Flood, 2014).
struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
