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
        object["touches"] = reach.json
        return .object(object)
    }
}

extension HistoryEntry {
    fileprivate var json: JSONValue {
        [
            "commit": .text("\(revision)"), "subject": .text(subject),
            "author": .text(author.name), "email": .text(author.email), "date": .text("\(date)"),
        ]
    }
}

extension ProposalReach {
    fileprivate var json: JSONValue {
        [
            "devices": .array(devices.map { .text($0.text) }),
            "targets": .array(
                targets.map { target in
                    [
                        "device": .text(target.device.text),
                        "old": target.old.map { .text($0) } ?? .null,
                        "new": target.new.map { .text($0) } ?? .null,
                    ]
                }),
            "rules": .array(rules.map { .text($0.description) }),
        ]
    }
}
