import JSON
import Registry

/// Everything that is wrong with a registry, in the forms that `muster validate` prints.
struct ValidationReport {
    /// By path, then by place in the file.
    let problems: [Problem]
    let documentCount: Int

    var errorCount: Int { problems.count { $0.severity == .error } }
    var hasErrors: Bool { errorCount > 0 }

    /// One line a problem, and one that sums them up.
    var text: String {
        (problems.map { "\($0.severity.rawValue): \($0)" } + [summary]).joined(separator: "\n")
    }

    var summary: String {
        let warningCount = problems.count - errorCount
        return "\(count(documentCount, "document")): \(count(errorCount, "error")), "
            + count(warningCount, "warning")
    }

    /// `{"valid", "documents", "errors", "warnings", "problems": [{"severity", "rule", "path", "pointer", "line", "reason"}]}`.
    var json: JSONValue {
        [
            "valid": .bool(!hasErrors),
            "documents": .number(JSONNumber(documentCount)),
            "errors": .number(JSONNumber(errorCount)),
            "warnings": .number(JSONNumber(problems.count - errorCount)),
            "problems": .array(problems.map(\.json)),
        ]
    }

    /// GitHub's workflow commands, which show each problem at its file and line.
    var annotations: String {
        problems.map { problem in
            let line = problem.line.map { ",line=\($0)" } ?? ""
            let place = problem.pointer.map { $0.tokens.isEmpty ? "" : "\($0): " } ?? ""
            let file = Self.escaped(problem.path, also: ":,")
            return "::\(problem.severity.rawValue) file=\(file)\(line)::"
                + Self.escaped(place + problem.reason)
        }.joined(separator: "\n")
    }

    /// Percent, line ends and, in properties, `:` and `,` as percent escapes.
    private static func escaped(_ text: String, also special: String = "") -> String {
        text.unicodeScalars.reduce(into: "") { escaped, scalar in
            guard "%\r\n".unicodeScalars.contains(scalar) || special.unicodeScalars.contains(scalar)
            else { return escaped.unicodeScalars.append(scalar) }
            let hex = String(scalar.value, radix: 16, uppercase: true)
            escaped += "%" + (hex.utf8.count < 2 ? "0" : "") + hex
        }
    }

    private func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
}
