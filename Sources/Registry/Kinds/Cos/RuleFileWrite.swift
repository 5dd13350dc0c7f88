public import JSON

/// A Prometheus or Loki rule file as a body of POST, PUT or PATCH asks for it.
public struct RuleFileWrite: CosObjectWrite {
    private let write: CosWrite<RuleFile>

    /// Reads a body; what is wrong with it comes out of ``decide(on:)``.
    public init(parsing body: JSONValue, model: CosModel, mode: CosMode) {
        write = CosWrite(parsing: body, model: model, mode: mode, member: "rules") { members in
            let member = CosField<String>(
                "rules", of: members, .init(isRequired: mode.requiresMembers, isTrimmed: false))
            return member.flatMap(Self.read)
        }
    }

    /// Decides against a state of the registry.
    public func decide(on snapshot: Snapshot) -> Edit<CosOutcome> {
        write.decide(on: snapshot) {
            $0.text.utf8.elementsEqual($1.text.utf8)
        } bytes: {
            $0.bytes()
        }
    }

    private static func read(_ text: String) -> CosField<RuleFile> {
        let prefix = "Failed to load alert rule as a yaml: "
        do throws(RuleFileError) {
            return .value(try RuleFile(text: text))
        } catch {
            switch error {
            case .notAMapping:
                return .wrong([prefix + "YAML safe load must be a dictionary"])
            case .yaml(let error):
                let line = error.line.map { " (line \($0))" } ?? ""
                return .wrong([prefix + error.reason + line])
            case .unknownVariable(let name):
                return .wrong(["Unknown template variable: \(name)."])
            case .secret: return .wrong([Secret.reason])
            }
        }
    }
}
