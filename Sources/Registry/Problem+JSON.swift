public import JSON

extension Problem {
    /// `{"severity", "rule", "path", "pointer", "line", "reason"}`, as `muster validate --json`.
    public var json: JSONValue {
        [
            "severity": .text(severity.rawValue),
            "rule": .text(rule.rawValue),
            "path": .text(path),
            "pointer": pointer.map { .text($0.description) } ?? .null,
            "line": line.map { .number(JSONNumber($0)) } ?? .null,
            "reason": .text(reason),
        ]
    }
}
