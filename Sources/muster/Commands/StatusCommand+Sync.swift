import JSON

extension StatusCommand {
    /// What there is to say of the upstream repository.
    static func lines(ofSync sync: JSONValue) -> [String] {
        let upstream = sync["upstream"]?.text ?? "?"
        var lines = ["upstream \(upstream): \(distance(sync))"]
        if let error = sync["last_error"]?.text {
            let time = sync["next_try"]?.text.map { ", tried again at \($0)" } ?? ""
            lines.append("no sync with the upstream\(time): \(error)")
        }
        if let rewound = sync["rewound"], !rewound.isNull {
            let (from, to) = (rewound["from"]?.text ?? "?", rewound["to"]?.text ?? "?")
            lines.append(
                "the upstream was taken back from \(from.prefix(12)) to \(to.prefix(12)); nothing of it is lost here"
            )
        }
        for conflict in sync["conflicts"]?.array ?? [] {
            let place = conflict["pointer"]?.text.map { " \($0)" } ?? ""
            lines.append(
                "differs from the upstream, decide: \(conflict["path"]?.text ?? "?")\(place): "
                    + "ours \(text(conflict["ours"])), theirs \(text(conflict["theirs"]))")
        }
        lines += (sync["problems"]?.array ?? []).map { problem in
            "invalid in the upstream: \(problem["path"]?.text ?? "?"): \(problem["reason"]?.text ?? "?")"
        }
        return lines
    }

    private static func distance(_ sync: JSONValue) -> String {
        guard let ahead = sync["ahead"]?.int, let behind = sync["behind"]?.int else {
            return "not reached yet"
        }
        let time = sync["last_sync"]?.text.map { ", last in step \($0)" } ?? ""
        guard ahead > 0 || behind > 0 else { return "in step\(time)" }
        return "\(ahead) ahead, \(behind) behind\(time)"
    }

    /// A value on one line, not too long.
    private static func text(_ value: JSONValue?) -> String {
        guard let value else { return "nothing" }
        let text = String(decoding: value.compactBytes(), as: UTF8.self)
        return text.count > 80 ? text.prefix(80) + "..." : text
    }
}
