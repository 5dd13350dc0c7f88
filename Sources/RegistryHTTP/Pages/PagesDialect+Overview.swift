import Hummingbird
import Registry
import RegistryHTML
import RegistryStore
import StateStore

extension PagesDialect {
    /// How long a device may be silent before the overview names it.
    private static let silence = (text: "24 hours", microseconds: Int64(24 * 3600) * 1_000_000)

    /// `/overview`, and `/` in browsers.
    func overview(_ call: PageCall) async -> Response {
        let silent = silentDevices(call.snapshot)
        let page = OverviewPage(
            counts: counts(call.snapshot), commits: await call.commits(),
            silentDevices: Array(silent.prefix(10)), silentCount: silent.count,
            silentAfter: Self.silence.text, serverURL: call.context.baseURL,
            cloneURL: cloneAddress,
            problems: call.snapshot.problems.prefix(20).map(Problem.init),
            uncommittedEdits: services.store.status.uncommittedEdits.prefix(20).map { edit in
                UncommittedEdit(path: edit.path)
            })
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
        return collections.map { name, collection, path in
            CollectionCount(name: name, count: snapshot.count(of: collection), path: path)
        }
    }

    /// Devices not heard of lately, the longest silence first; one never heard of is silent since
    /// its registration.
    private func silentDevices(_ snapshot: Snapshot) -> [SilentDevice] {
        let limit = Timestamp(
            microseconds: Timestamp.now.microseconds - Self.silence.microseconds)
        let silent = snapshot.all(in: .devices).compactMap { stored in
            snapshot.device(stored.id).flatMap { device in
                let contact = services.signals.lastContact(of: device.uid)
                let since = contact ?? device.creationDate ?? Timestamp(microseconds: .min)
                return since < limit ? (since: since, device: device, contact: contact) : nil
            }
        }
        return silent.sorted { ($0.since, $0.device.uid) < ($1.since, $1.device.uid) }.map {
            SilentDevice(
                uid: $0.device.uid.text, address: $0.device.address,
                lastContact: $0.contact.map(Moment.init))
        }
    }
}
