import HTTPTypes
import Hummingbird
import JSON
import Registry

extension CosDialect {
    /// `GET applications/<tool>/dashboards/`
    func listDashboards(_ call: CosCall) -> Response {
        call.read(call.listTag) { $0.dashboards(call.model) }
    }

    /// `POST applications/<tool>/dashboards/`
    func createDashboard(_ call: CosCall) async throws -> Response {
        let body = try await call.body()
        let write = DashboardWrite(parsing: body, model: call.model, mode: .create)
        let result = try await self.write(call) { write.decide(on: $0) }
        return call.answer(result) { key in
            dashboard(key, in: result.snapshot).map {
                .json(.created, $0, headers: [.location: call.location(of: key)])
            }
        }
    }

    /// `GET applications/<tool>/dashboards/<uid>/`: the dashboard alone, as a file.
    ///
    /// Agents compare the text with Python's dump of their own file.
    func downloadDashboard(_ call: CosCall) -> Response {
        guard let stored = call.document, let dashboard = stored.content as? Dashboard else {
            return .cosDetail(.notFound, "Object does not exist")
        }
        let disposition = attachment(named: "\(stored.id).json")
        return call.read(
            call.tag(of: stored.key, in: call.snapshot),
            headers: [.contentDisposition: disposition]
        ) { _ in
            dashboard.value.pythonBytes()
        }
    }

    /// `PUT applications/<tool>/dashboards/<uid>/`: the uid of the body never renames.
    func replaceDashboard(_ call: CosCall) async throws -> Response {
        try await change(call) { .replace($0) }
    }

    /// `PATCH applications/<tool>/dashboards/<uid>/`: the uid of the body never renames.
    func changeDashboard(_ call: CosCall) async throws -> Response {
        try await change(call) { .patch($0) }
    }

    private func change(
        _ call: CosCall, _ mode: (DocumentID) -> CosMode
    ) async throws -> Response {
        guard let id = call.document?.id else { return call.unknown }
        let body = try await call.body()
        let write = DashboardWrite(parsing: body, model: call.model, mode: mode(id))
        let result = try await self.write(call) { write.decide(on: $0) }
        return call.answer(result) { key in
            dashboard(key, in: result.snapshot).map { .json(.ok, $0) }
        }
    }

    /// `DELETE applications/<tool>/dashboards/<uid>/`, also from the lists of devices.
    func removeDashboard(_ call: CosCall) async throws -> Response { try await remove(call) }

    private func dashboard(_ key: DocumentKey, in snapshot: Snapshot) -> [UInt8]? {
        snapshot.dashboard(key).map {
            CosRendering(snapshot).dashboard(key.id, $0).compactBytes()
        }
    }

    /// Removes the document of the path with every reference to it.
    func remove(_ call: CosCall) async throws -> Response {
        guard let id = call.document?.id else { return call.unknown }
        let removal = CosRemoval(call.model, id)
        let result = try await write(call) { removal.decide(on: $0) }
        return call.answer(result) { _ in nil }
    }
}
