import JSON
import Registry

/// One commit of the demonstration.
struct DemoCommit: Sendable {
    let author: Author
    let moment: Timestamp
    let message: String
    /// What the files hold afterwards.
    let files: [(path: String, bytes: [UInt8])]
    /// A person's commit that came in by a pull request, with a merge commit of its own.
    let isPullRequest: Bool
}

/// The demonstration's registry, grown commit by commit.
struct DemoHistory {
    private(set) var commits: [DemoCommit] = []
    /// What the files hold after the last commit.
    private(set) var files: [String: [UInt8]] = [:]
    private var certificates: DemoCertificates
    private var random = SplitMix64(seed: 7)

    /// Plays the whole plan, which ends at `now`, on top of `starter`.
    init(endingAt now: Timestamp, starter: [(path: String, bytes: [UInt8])]) throws {
        let start = now.before(days: 150)
        certificates = try DemoCertificates(from: start)
        record("Start the registry", by: DemoPerson.ines.author, at: start, starter)
        for (daysAgo, event) in DemoPlan().events {
            try play(event, at: now.before(days: max(daysAgo, 0.02)))
        }
    }

    private mutating func play(_ event: DemoEvent, at moment: Timestamp) throws {
        switch event {
        case .draw(let dashboard, let panels):
            let isNew = panels == 2
            let title = dashboard.panels[panels - 1].title.lowercased()
            let path = "grafana_dashboards/\(dashboard.uid).json"
            let before = try value(at: path)
            let drawn = dashboard.json(
                panels: panels, version: (before?["version"]?.int ?? 0) + 1,
                refresh: before?["refresh"]?.text ?? "30s")
            record(
                "grafana_dashboards/\(dashboard.uid): \(isNew ? "add the dashboard" : "show \(title)")",
                by: (isNew ? DemoPerson.ines : .mei).author, at: moment,
                [(path, drawn.canonicalBytes())], isPullRequest: !isNew)
        case .refresh(let dashboard, let interval):
            let path = "grafana_dashboards/\(dashboard.uid).json"
            guard var object = try value(at: path)?.object else { return }
            object["refresh"] = .text(interval)
            object["version"] = .number(JSONNumber((object["version"]?.int ?? 0) + 1))
            record(
                "grafana_dashboards/\(dashboard.uid): refresh every \(interval)",
                by: DemoPerson.ines.author, at: moment,
                [(path, JSONValue.object(object).canonicalBytes())])
        case .layOut(let layout):
            record(
                "foxglove_dashboards/\(layout.uid): add the layout", by: DemoPerson.mei.author,
                at: moment,
                [("foxglove_dashboards/\(layout.uid).json", layout.json.canonicalBytes())])
        case .alert(let file, let threshold):
            let value = file.thresholds[threshold]
            let what = threshold == 0 ? "add the alerts" : "alert at \(value)"
            record(
                "\(file.collection)/\(file.uid): \(what)", by: DemoPerson.jonas.author, at: moment,
                [(file.path, file.bytes(threshold: value))], isPullRequest: threshold > 0)
        case .layOutFleet:
            record(
                "Lay out the fleet\n\nProject, regions, cells, and a switch in each of them.",
                by: DemoPerson.samir.author, at: moment, DemoPlaces.files(at: moment))
        case .place(let device):
            guard let object = try value(at: "devices/\(device.uid).json")?.object else { return }
            record(
                "devices/\(device.uid): \(event.verb)", by: DemoPerson.samir.author, at: moment,
                [
                    ("devices/\(device.uid).json", device.placed(object).canonicalBytes()),
                    (
                        "variables/devices/\(device.uid).json",
                        device.variables.canonicalBytes()
                    ),
                ])
        case .register, .readdress, .watchNetwork, .annotate:
            try playDevice(event, at: moment)
        case .request(let device), .sign(let device), .deny(let device):
            let document = try certificates.document(after: event, at: moment)
            recordCall(
                device.uid, in: "certificates", event.verb,
                api: event.isRequest ? "POST certificate/" : "PATCH certificate/",
                by: event.isRequest ? nil : .samir, at: moment, document)
        }
    }

    private mutating func playDevice(_ event: DemoEvent, at moment: Timestamp) throws {
        guard let device = event.device else { return }
        if case .register = event {
            let document = device.document(createdAt: moment)
            recordCall(device.uid, in: "devices", event.verb, api: "POST", at: moment, document)
            return
        }
        guard var object = try value(at: "devices/\(device.uid).json")?.object else { return }
        switch event {
        case .readdress(_, let host): object["address"] = .text("\(device.site.network).\(host)")
        case .watchNetwork:
            object["grafana_dashboards"] = .array(
                (object["grafana_dashboards"]?.array ?? []) + ["network"])
        case .annotate(_, let name, let text):
            var annotations = object["annotations"]?.object ?? JSONObject()
            annotations[JSONString(name)] = .text(text)
            object["annotations"] = .object(annotations)
        default: break
        }
        let byHand = if case .annotate = event { true } else { false }
        recordCall(
            device.uid, in: "devices", event.verb, api: byHand ? nil : "PATCH \(device.uid)/",
            by: byHand ? .samir : nil, at: moment, .object(object))
    }

    /// What the file at `path` holds by now.
    private func value(at path: String) throws -> JSONValue? {
        try files[path].map { try JSONValue(parsing: $0, options: .document) }
    }

    /// Records what the API (or, without `api`, a person's commit) did to one document.
    private mutating func recordCall(
        _ uid: String, in collection: String, _ verb: String, api: String?,
        by person: DemoPerson? = nil,
        at moment: Timestamp, _ document: JSONValue
    ) {
        var message = "\(collection)/\(uid): \(verb)"
        if let api {
            let call = api.split(separator: " ").map(String.init)
            let rest = call.count > 1 ? call[1] : ""
            let path = rest == "certificate/" ? "\(uid)/certificate/" : rest
            let request = String(random.next(), radix: 16)
            message += "\n\nRequest-Id: \(request)\nApi: cos \(call[0]) /api/v1/devices/\(path)"
        }
        let author = person?.author ?? DocumentID(uid).map(Author.device) ?? .anonymous
        record(
            message, by: author, at: moment,
            [("\(collection)/\(uid).json", document.canonicalBytes())])
    }

    private mutating func record(
        _ message: String, by author: Author, at moment: Timestamp,
        _ changes: [(path: String, bytes: [UInt8])], isPullRequest: Bool = false
    ) {
        let changes = changes.filter { files[$0.path] != $0.bytes }
        guard !changes.isEmpty else { return }
        for (path, bytes) in changes { files[path] = bytes }
        commits.append(
            DemoCommit(
                author: author, moment: moment, message: message, files: changes,
                isPullRequest: isPullRequest))
    }
}

extension DemoDevice {
    /// The device as it registers.
    func document(createdAt moment: Timestamp) -> JSONValue {
        func list(_ uids: [String]) -> JSONValue { .array(uids.map(JSONValue.text)) }
        return [
            "uid": .text(uid),
            "creation_date": .text(moment.description),
            "address": .text(address),
            "public_ssh_key": .text(DemoAuthority.sshKey(for: uid)),
            "grafana_dashboards": list(model.grafana),
            "foxglove_dashboards": list(model.foxglove),
            "prometheus_alert_rule_files": list(model.prometheus),
            "loki_alert_rule_files": list(model.loki),
            "annotations": [
                "site": .text(site.name), "model": .text(model.name), "serial": .text(serial),
            ],
        ]
    }
}

extension DemoPerson {
    var author: Author { Author(name: rawValue, email: email) }
}

extension Timestamp {
    func before(days: Double) -> Timestamp {
        Timestamp(microseconds: microseconds - Int64(days * 86_400_000_000))
    }
}
