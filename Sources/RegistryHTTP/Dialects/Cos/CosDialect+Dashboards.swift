import HTTPTypes
import Hummingbird
import JSON
import Registry

extension CosDialect {
    /// `GET applications/<tool>/dashboards/`
    func listDashboards(_ call: CosCall) -> Response {
        call.read(call.rendering.dashboards(call.model))
    }

    /// `POST applications/<tool>/dashboards/`
    func createDashboard(_ call: CosCall) async throws -> Response {
        try await create(call, DashboardWrite.self)
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
        ) {
            dashboard.value.pythonBytes()
        }
    }

    /// `PUT applications/<tool>/dashboards/<uid>/`
    func replaceDashboard(_ call: CosCall) async throws -> Response {
        try await change(call, DashboardWrite.self) { .replace($0) }
    }

    /// `PATCH applications/<tool>/dashboards/<uid>/`
    func changeDashboard(_ call: CosCall) async throws -> Response {
        try await change(call, DashboardWrite.self) { .patch($0) }
    }

    /// `DELETE applications/<tool>/dashboards/<uid>/`, also from the lists of devices.
    func removeDashboard(_ call: CosCall) async throws -> Response { try await remove(call) }
}
