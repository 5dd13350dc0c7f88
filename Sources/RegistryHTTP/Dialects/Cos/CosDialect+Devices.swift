import Hummingbird
import JSON
import Registry
import StateStore

extension CosDialect {
    /// `GET devices/`: all devices, oldest first.
    func listDevices(_ call: CosCall) throws -> Response {
        let fields = try call.fields
        return call.read(call.rendering.devices(fields: fields), fields)
    }

    /// `POST devices/`: a device registers.
    func createDevice(_ call: CosCall) async throws -> Response {
        let fields = try call.fields
        let write = DeviceWrite(parsing: try await call.body(), mode: .create)
        let result = try await self.write(
            call, author: { $0.key.map { .device($0.id) } ?? .anonymous },
            decide: { write.decide(on: $0, now: .now) })
        if let id = result.outcome.key?.id { heard(of: id) }
        return call.answer(result) { key in
            device(key, in: result.snapshot, fields).map {
                .json(.created, $0, headers: [.location: call.location(of: key)])
            }
        }
    }

    /// `GET devices/<uid>/`
    func readDevice(_ call: CosCall) throws -> Response {
        guard let stored = call.document else { return call.unknown }
        let fields = try call.fields
        heard(of: stored.id)
        return call.read(call.tag(ofDevice: stored, in: call.context.shared.snapshot, fields)) {
            call.rendering.device(stored, fields: fields)
        }
    }

    /// `PUT devices/<uid>/`: uid and address must be there, what else is left out stays.
    func replaceDevice(_ call: CosCall) async throws -> Response {
        try await change(call) { .replace($0) }
    }

    /// `PATCH devices/<uid>/`: what is left out stays; another uid renames.
    func changeDevice(_ call: CosCall) async throws -> Response {
        try await change(call) { .patch($0) }
    }

    private func change(
        _ call: CosCall, _ mode: (DocumentID) -> CosMode
    ) async throws -> Response {
        guard let id = call.document?.id else { return call.unknown }
        let fields = try call.fields
        let write = DeviceWrite(parsing: try await call.body(), mode: mode(id))
        let result = try await self.write(
            call, author: { _ in .device(id) }, decide: { write.decide(on: $0, now: .now) })
        if let newID = result.outcome.key?.id {
            services.signals.rename(id, to: newID)
            heard(of: newID)
        }
        return call.answer(result) { key in
            device(key, in: result.snapshot, fields).map { .json(.ok, $0) }
        }
    }

    /// `DELETE devices/<uid>/`: the certificate goes too, dashboards and rule files stay.
    func removeDevice(_ call: CosCall) async throws -> Response {
        guard let id = call.document?.id else { return call.unknown }
        let removal = CosRemoval(.device, id)
        let result = try await write(call) { removal.decide(on: $0) }
        if result.outcome == .removed { services.signals.remove(id) }
        return call.answer(result) { _ in nil }
    }

    private func device(
        _ key: DocumentKey, in snapshot: Snapshot, _ fields: DeviceFields
    ) -> [UInt8]? {
        snapshot[key].map { CosRendering(snapshot).device($0, fields: fields) }
    }

    /// Notes that a device spoke for itself.
    func heard(of id: DocumentID) { services.signals.recordContact(id, at: .now) }
}
