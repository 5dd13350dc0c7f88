public import JSON

/// What a PUT or DELETE does to the variables or labels of an item.
public struct CratonVariablesChange: Sendable {
    private enum Action: Sendable {
        case put(JSONObject)
        case remove([JSONString])
        case addLabels([String])
        case removeLabels([String])
    }

    /// What of an item is changed, and how.
    public enum Part: Hashable, Sendable {
        case putVariables, removeVariables, putLabels, removeLabels
    }

    private let kind: CratonKind
    private let id: String
    private let caller: CratonCaller
    private let action: Action

    public init(
        parsing body: JSONValue, _ part: Part, _ kind: CratonKind, _ id: String,
        for caller: CratonCaller
    ) throws(CratonRefusal) {
        self.kind = kind
        self.id = id
        self.caller = caller
        action =
            switch part {
            case .putVariables: .put(try CratonBody.variables(body))
            case .removeVariables: .remove(try CratonBody.names(body))
            case .putLabels: .addLabels(try CratonBody.labels(body))
            case .removeLabels: .removeLabels(try CratonBody.labels(body))
            }
    }

    /// Decides against a state of the registry.
    public func decide(on snapshot: Snapshot) -> Edit<CratonOutcome> {
        guard let row = snapshot.craton.find(kind, id, for: caller),
            row.project == caller.project || caller.isRoot, let key = row.key.variablesKey
        else { return .refused(.notFound) }
        let old = snapshot.variables(of: row.key)
        let new = changed(old)
        guard new != old || snapshot[key]?.isLastGood == true else {
            return .nothing(.changed(row.key))
        }
        let change: Change
        do throws(InvalidDocument) {
            change =
                new.isEmpty ? .remove(key) : .put(try PreparedDocument(key, bytes: new.bytes()))
        } catch {
            return .refused(CratonRefusal(400, error.description))
        }
        let name = row.item.name.description.oneLine
        let number = row.family.hasAliases ? " (\(row.alias))" : ""
        return Edit(
            [change], subject: "\(key): \(verb) of \(kind.noun) \(name)\(number)",
            answer: .changed(row.key))
    }

    private var verb: String {
        switch action {
        case .put: "set variables"
        case .remove: "remove variables"
        case .addLabels: "add labels"
        case .removeLabels: "remove labels"
        }
    }

    private func changed(_ old: ItemVariables) -> ItemVariables {
        var variables = old.variables
        var labels = old.labels
        switch action {
        case .put(let members): for (name, value) in members { variables[name] = value }
        case .remove(let names): variables.removeAll { names.contains($0.name) }
        case .addLabels(let added): labels += added
        case .removeLabels(let removed):
            let removed = Set(removed.map { JSONString($0) })
            labels.removeAll { removed.contains(JSONString($0)) }
        }
        return ItemVariables(of: old.owner, variables: variables, labels: labels)
    }
}
