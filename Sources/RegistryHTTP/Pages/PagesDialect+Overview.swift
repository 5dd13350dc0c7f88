import Hummingbird
import Registry
import RegistryHTML
import RegistryStore

extension PagesDialect {
    /// How long a device may be silent before the overview names it.
    private static let silence = (text: "24 hours", microseconds: Int64(24 * 3600) * 1_000_000)

    /// `/overview`, and `/` in browsers.
    func overview(_ call: PageCall) async -> Response {
        let silence = memory.silence.value {
            let limit = Timestamp.now.microseconds - Self.silence.microseconds
            return Silence(
                in: call.snapshot, services.signals, before: Timestamp(microseconds: limit))
        }
        let problems = memory.problems.value { call.snapshot.problems }
        let edits = services.store.status.shownEdits
        let page = OverviewPage(
            counts: counts(call.snapshot), commits: await call.commits(),
            silentDevices: silence.longest.map(SilentDevice.init), silentCount: silence.count,
            silentAfter: Self.silence.text, serverURL: call.context.baseURL,
            cloneURL: call.context.baseURL + "/registry.git", clonePath: clonePath,
            problems: problems.prefix(20).map(Problem.init),
            problemCount: problems.count,
            uncommittedEdits: Array(edits.prefix(20)),
            uncommittedCount: edits.count)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    private func counts(_ snapshot: Snapshot) -> [CollectionCount] {
        let collections: [(name: String, collection: Registry.Collection, path: String?)] = [
            ("Devices", .devices, "/devices/"),
            ("Grafana dashboards", .grafanaDashboards, "/dashboards/?kind=grafana"),
            ("Foxglove dashboards", .foxgloveDashboards, "/dashboards/?kind=foxglove"),
            ("Prometheus rule files", .prometheusAlertRules, "/rules/?kind=prometheus"),
            ("Loki rule files", .lokiAlertRules, "/rules/?kind=loki"),
            ("Certificates", .certificates, nil),
        ]
        let open = services.store.proposals.count { $0.state == .open }
        return collections.map { name, collection, path in
            CollectionCount(name: name, count: snapshot.count(of: collection), path: path)
        } + [CollectionCount(name: "Open proposals", count: open, path: "/proposals/")]
    }
}

extension SilentDevice {
    init(_ silent: Silence.Silent) {
        self.init(
            uid: silent.device.uid.text, address: silent.device.address,
            lastContact: silent.lastContact.map(Moment.init))
    }
}
