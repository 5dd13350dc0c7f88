import HTTPTypes
import Hummingbird
import JSON
import Registry

extension CosDialect {
    /// `GET applications/<tool>/alert_rules/`: templates are rendered for each device that lists them.
    func listRuleFiles(_ call: CosCall) -> Response {
        call.read(call.listTag) { $0.ruleFiles(call.model) }
    }

    /// `POST applications/<tool>/alert_rules/`
    func createRuleFile(_ call: CosCall) async throws -> Response {
        let body = try await call.body()
        let write = RuleFileWrite(parsing: body, model: call.model, mode: .create)
        let result = try await self.write(call) { write.decide(on: $0) }
        return call.answer(result) { key in
            ruleFile(key, in: result.snapshot).map {
                .json(.created, $0, headers: [.location: call.location(of: key)])
            }
        }
    }

    /// `GET applications/<tool>/alert_rules/<uid>/`: the file as it is stored, not rendered.
    func readRuleFile(_ call: CosCall) -> Response {
        guard let stored = call.document, let file = stored.content as? RuleFile else {
            return call.unknown
        }
        return call.read(call.tag(of: stored.key, in: call.snapshot)) {
            $0.ruleFile(stored.id, file).compactBytes()
        }
    }

    /// `PUT applications/<tool>/alert_rules/<uid>/`: the uid of the body never renames.
    func replaceRuleFile(_ call: CosCall) async throws -> Response {
        try await change(call) { .replace($0) }
    }

    /// `PATCH applications/<tool>/alert_rules/<uid>/`: the uid of the body never renames.
    func changeRuleFile(_ call: CosCall) async throws -> Response {
        try await change(call) { .patch($0) }
    }

    private func change(
        _ call: CosCall, _ mode: (DocumentID) -> CosMode
    ) async throws -> Response {
        guard let id = call.document?.id else { return call.unknown }
        let body = try await call.body()
        let write = RuleFileWrite(parsing: body, model: call.model, mode: mode(id))
        let result = try await self.write(call) { write.decide(on: $0) }
        return call.answer(result) { key in
            ruleFile(key, in: result.snapshot).map { .json(.ok, $0) }
        }
    }

    /// `DELETE applications/<tool>/alert_rules/<uid>/`, also from the lists of devices.
    func removeRuleFile(_ call: CosCall) async throws -> Response { try await remove(call) }

    private func ruleFile(_ key: DocumentKey, in snapshot: Snapshot) -> [UInt8]? {
        snapshot.ruleFile(key).map {
            CosRendering(snapshot).ruleFile(key.id, $0).compactBytes()
        }
    }
}
