import JSON
import Registry
import RegistryStore

extension ProposalReview {
    /// The proposal with its commits, changes, conflicts, problems and reach.
    func json(of proposal: Proposal) -> JSONValue {
        var object = proposal.json.object ?? [:]
        object["mergeable"] = .bool(proposal.state == .open && isMergeable)
        object["commit_count"] = .number(JSONNumber(commitCount))
        object["commits"] = .array(commits.map(\.json))
        object["paths"] = .array(paths.map { .text($0) })
        object["conflicts"] = .array(conflicts.map(\.json))
        object["problems"] = .array(problems.map(\.json))
        object["warnings"] = .array(effect.warnings.map(\.json))
        object["touches"] = reach.json
        if isPartial { object["partial"] = .bool(true) }
        return .object(object)
    }
}
