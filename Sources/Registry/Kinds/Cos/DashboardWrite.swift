public import JSON

/// A Grafana or Foxglove dashboard as a body of POST, PUT or PATCH asks for it.
public struct DashboardWrite: CosObjectWrite {
    private let write: CosWrite<Dashboard>

    /// Reads a body; what is wrong with it comes out of ``decide(on:)``.
    public init(parsing body: JSONValue, model: CosModel, mode: CosMode) {
        write = CosWrite(parsing: body, model: model, mode: mode, member: "dashboard") { members in
            let member = CosField<JSONValue>(
                "dashboard", of: members, isRequired: mode.requiresMembers)
            return member.flatMap(Self.read)
        }
    }

    /// Decides against a state of the registry.
    public func decide(on snapshot: Snapshot) -> Edit<CosOutcome> {
        write.decide(on: snapshot) {
            $0.value == $1.value
        } bytes: {
            $0.bytes()
        }
    }

    /// An object, or a string that holds one.
    private static func read(_ member: JSONValue) -> CosField<Dashboard> {
        var value = member
        if let string = member.string {
            guard let text = string.string,
                let parsed = try? JSONValue(parsing: text, options: .api)
            else { return .wrong(["Failed to load dashboard as json."]) }
            value = parsed
        }
        guard value.object != nil else {
            return .wrong(["Dashboard is not a supported format (dict)."])
        }
        do throws(InvalidDocument) {
            return .value(try Dashboard(value))
        } catch {
            return .wrong([error.reason])
        }
    }
}
