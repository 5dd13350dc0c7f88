import Hummingbird
import Registry
import RegistryHTML
import StateStore

extension PagesDialect {
    /// `/devices/`: `q` searches uid, address and name, `sort` orders, `page` turns.
    func devices(_ call: PageCall) async -> Response {
        let filter = TextFilter(call.path.query.last(of: "q"))
        let order = call.path.query.last(of: "sort").flatMap { DeviceOrder($0) } ?? .standard
        let found = await DeviceSearch(call.snapshot, filter, order, signals: services.signals)
        guard let slice = PageSlice(call.path.query, of: found.count) else {
            return await call.noPage
        }
        let page = DeviceListPage(
            devices: found.devices(slice.range).map(row), total: found.count,
            registered: call.snapshot.count(of: .devices), query: filter.query, order: order,
            paging: slice.paging)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    private func row(_ device: Device) -> DeviceRow {
        DeviceRow(
            uid: device.uid.text, address: device.address,
            created: device.creationDate.map(Moment.init),
            lastContact: services.signals.lastContact(of: device.uid).map(Moment.init),
            dashboardCount: device.grafanaDashboards.count + device.foxgloveDashboards.count)
    }

    /// `/devices/<uid>`
    func device(_ call: PageCall) async -> Response {
        guard let key = call.key, let stored = call.snapshot[key],
            let device = call.snapshot.device(key.id)
        else { return await call.message(.unknownDevice(call.uidText)) }
        let neighbours = call.snapshot.neighbours(of: key, count: 1)
        let page = DevicePage(
            uid: key.id.text, address: device.address,
            created: device.creationDate.map(Moment.init),
            lastContact: services.signals.lastContact(of: key.id).map(Moment.init),
            publicSSHKey: device.publicSSHKey, links: links(of: device, call),
            prometheusRules: call.existing(.prometheusAlertRules, device.prometheusAlertRuleFiles),
            lokiRules: call.existing(.lokiAlertRules, device.lokiAlertRuleFiles),
            certificate: call.snapshot.certificate(key.id).map(CertificateState.init),
            commits: await call.commits(touching: stored.path),
            uncommittedEdit: call.uncommittedEdit(of: key, at: stored.path),
            problems: call.problems(at: stored.path), path: stored.path, json: stored.bytes,
            jsonHref: call.context.prefix + "/api/v1/devices/\(percentEncoded(key.id.text))/",
            previous: neighbours.before.first?.id.text, next: neighbours.after.first?.id.text,
            place: call.place(of: key.id))
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    private func links(of device: Device, _ call: PageCall) -> DeviceLinks {
        DeviceLinks(
            device: device.uid.text, address: device.address,
            grafanaDashboards: call.existing(.grafanaDashboards, device.grafanaDashboards),
            foxgloveDashboards: call.existing(.foxgloveDashboards, device.foxgloveDashboards),
            server: (call.context.scheme, call.context.host),
            model: services.configuration.modelName)
    }
}

extension PageCall {
    /// Those of `ids` that are there: a list may name what was removed by hand.
    fileprivate func existing(
        _ collection: Registry.Collection, _ ids: [DocumentID]
    ) -> [String] {
        ids.filter { snapshot[DocumentKey(collection, $0)] != nil }.map(\.text)
    }
}

extension CertificateState {
    init(_ certificate: Certificate) {
        let status = Status(rawValue: certificate.status.rawValue) ?? .pending
        self.init(status: status, since: Moment(certificate.updatedAt))
    }
}
