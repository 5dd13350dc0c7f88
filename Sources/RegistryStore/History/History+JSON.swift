public import JSON
public import Registry

extension HistoryChange {
    /// The form of API answers.
    ///
    /// - Parameter difference: what it did, where that is wanted.
    public func json(_ difference: DocumentDifference? = nil) -> JSONValue {
        var object: JSONObject = [
            "kind": .text(kind == .renamedAway ? "renamed_away" : "\(kind)"), "path": .text(path),
        ]
        object["document"] = key.map { .text($0.description) }
        if let other {
            object[kind == .renamed ? "was" : "became"] = .text(other.description)
        }
        object["old"] = old.map { .text("\($0)") } ?? .null
        object["new"] = new.map { .text("\($0)") } ?? .null
        if let difference {
            object["summary"] = .text(difference.summary)
            object["fields"] = .array(difference.fields.map(\.json))
            object["more_fields"] = .number(JSONNumber(difference.moreFields))
            object["diff"] = .text(difference.text(lineLimit: 2_000))
        }
        return .object(object)
    }
}

extension HistoryEntry {
    /// With its whole message, its committer and its parents.
    public var fullJSON: JSONValue {
        var object = json.object ?? [:]
        object["body"] = .text(body)
        object["committer"] = .text(committer.name)
        object["committed"] = .text("\(commitDate)")
        object["parents"] = .array(parents.map { .text("\($0)") })
        return .object(object)
    }
}

extension HistoryStep {
    /// The form of API answers.
    ///
    /// - Parameter differences: of each of ``changes``, or none.
    public func json(_ differences: [DocumentDifference] = []) -> JSONValue {
        var object = entry.fullJSON.object ?? [:]
        object["changes"] = .array(
            changes.enumerated().map { place, change in
                change.json(place < differences.count ? differences[place] : nil)
            })
        object["change_count"] = .number(JSONNumber(changeCount))
        return .object(object)
    }
}

extension HistoryPage {
    /// `{"history", "next", "complete"}`.
    ///
    /// - Parameter differences: of each step's changes, or none.
    public func json(_ differences: [[DocumentDifference]] = []) -> JSONValue {
        [
            "history": .array(
                steps.enumerated().map { place, step in
                    step.json(place < differences.count ? differences[place] : [])
                }),
            "next": next.map { .text("\($0)") } ?? .null,
            "complete": .bool(isComplete),
        ]
    }
}

extension CommitDetails {
    /// The form of API answers.
    public var json: JSONValue {
        var object = entry.fullJSON.object ?? [:]
        object["changes"] = .array(zip(changes, differences).map { $0.json($1) })
        object["change_count"] = .number(JSONNumber(changeCount))
        object["next"] = next.map { .text($0) } ?? .null
        return .object(object)
    }
}

extension RevisionComparison {
    /// The form of API answers.
    public var json: JSONValue {
        func side(_ side: Side) -> JSONValue {
            var object: JSONObject = ["name": .text(side.name)]
            for (name, value) in side.entry.json.object ?? [:] { object[name] = value }
            return .object(object)
        }
        func count(_ kinds: HistoryChange.Kind...) -> JSONValue {
            .number(JSONNumber(kinds.reduce(0) { $0 + (counts[$1] ?? 0) }))
        }
        return [
            "from": side(from), "to": side(to),
            "counts": [
                "added": count(.added), "changed": count(.changed), "removed": count(.removed),
                "renamed": count(.renamed), "moved": count(.moved),
            ],
            "changes": .array(zip(changes, differences).map { $0.json($1) }),
            "next": next.map { .text($0) } ?? .null,
        ]
    }
}

extension BlamedDocument {
    /// The form of API answers: the parts name their commits by place in `commits`.
    public var json: JSONValue {
        [
            "document": .text(key.description), "path": .text(path), "blob": .text("\(blob)"),
            "parts": .array(
                parts.map { part, commit in
                    var object = JSONObject()
                    switch part {
                    case .field(let pointer, let value):
                        object["pointer"] = .text(pointer.description)
                        object["value"] = value
                    case .line(let number, let text):
                        object["line"] = .number(JSONNumber(number))
                        object["text"] = .text(text)
                    }
                    object["commit"] =
                        commit.map { .text("\(commits[$0].revision)") } ?? .null
                    return .object(object)
                }),
            "commits": .array(commits.map(\.json)), "complete": .bool(isComplete),
        ]
    }
}

extension HistoryActivity {
    /// The form of API answers; days without commits are left out.
    public var json: JSONValue {
        [
            "commits": .number(JSONNumber(commits)),
            "days": .array(
                days.filter { $0.commits > 0 }.map { day in
                    [
                        "date": .text(String(day.date.description.prefix(10))),
                        "commits": .number(JSONNumber(day.commits)),
                    ]
                }),
            "people": .array(
                people.map { person in
                    [
                        "author": .text(person.author.name), "email": .text(person.author.email),
                        "commits": .number(JSONNumber(person.commits)),
                    ]
                }),
            "person_count": .number(JSONNumber(personCount)), "complete": .bool(isComplete),
        ]
    }
}
