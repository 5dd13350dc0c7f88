import HTTPTypes
import Hummingbird
import JSON
import Registry

// What dashboards and rule files have in common: a uid and one member.
extension CosDialect {
    /// Makes the object that the body asks for.
    func create<Write: CosObjectWrite>(_ call: CosCall, _: Write.Type) async throws -> Response {
        let write = Write(parsing: try await call.body(), model: call.model, mode: .create)
        let result = try await self.write(call) { write.decide(on: $0) }
        return call.answer(result) { key in
            CosRendering(result.snapshot).object(key).map {
                .cos(.created, $0, headers: [.location: call.location(of: key)])
            }
        }
    }

    /// Changes the object of the path; the uid of the body never renames.
    func change<Write: CosObjectWrite>(
        _ call: CosCall, _: Write.Type, _ mode: (DocumentID) -> CosMode
    ) async throws -> Response {
        guard let id = call.document?.id else { return call.unknown }
        let write = Write(parsing: try await call.body(), model: call.model, mode: mode(id))
        let result = try await self.write(call) { write.decide(on: $0) }
        return call.answer(result) { key in
            CosRendering(result.snapshot).object(key).map { .cos(.ok, $0) }
        }
    }

    /// Removes the object of the path with every reference to it.
    func remove(_ call: CosCall) async throws -> Response {
        guard let id = call.document?.id else { return call.unknown }
        let removal = CosRemoval(call.model, id)
        let result = try await write(call) { removal.decide(on: $0) }
        return call.answer(result) { _ in nil }
    }
}
