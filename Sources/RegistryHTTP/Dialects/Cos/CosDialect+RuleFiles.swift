import Hummingbird
import JSON
import Registry

extension CosDialect {
    /// `GET applications/<tool>/alert_rules/`: templates are rendered for each device that lists them.
    func listRuleFiles(_ call: CosCall) -> Response {
        call.read(call.rendering.ruleFiles(call.model))
    }

    /// `POST applications/<tool>/alert_rules/`
    func createRuleFile(_ call: CosCall) async throws -> Response {
        try await create(call, RuleFileWrite.self)
    }

    /// `GET applications/<tool>/alert_rules/<uid>/`: the file as it is stored, not rendered.
    func readRuleFile(_ call: CosCall) -> Response {
        guard let key = call.document?.key, let file = call.rendering.object(key) else {
            return call.unknown
        }
        return call.read(call.tag(of: key, in: call.snapshot)) { file.compactBytes() }
    }

    /// `PUT applications/<tool>/alert_rules/<uid>/`
    func replaceRuleFile(_ call: CosCall) async throws -> Response {
        try await change(call, RuleFileWrite.self) { .replace($0) }
    }

    /// `PATCH applications/<tool>/alert_rules/<uid>/`
    func changeRuleFile(_ call: CosCall) async throws -> Response {
        try await change(call, RuleFileWrite.self) { .patch($0) }
    }

    /// `DELETE applications/<tool>/alert_rules/<uid>/`, also from the lists of devices.
    func removeRuleFile(_ call: CosCall) async throws -> Response { try await remove(call) }
}
