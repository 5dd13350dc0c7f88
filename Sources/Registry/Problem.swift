public import JSON

/// One thing that is wrong with the registry.
public struct Problem: Hashable, Sendable {
    public enum Severity: String, Hashable, Sendable {
        /// A rule is broken; `muster validate` fails.
        case error
        /// Something that will cause trouble elsewhere.
        case warning
    }

    /// The rule that is broken, as a word for filters and scripts.
    public enum Rule: String, Hashable, Sendable {
        /// The file is no JSON or YAML.
        case syntax
        /// The content breaks a rule of its kind.
        case content
        /// The content holds a secret.
        case secret
        /// A document is named that does not exist.
        case reference
        /// Two files hold one document.
        case doubledUID = "doubled-uid"
        /// The file's name is no uid's.
        case fileName = "file-name"
        /// Two uids differ only by case.
        case caseTwin = "case-twin"
        /// Two documents have one number of the Craton API.
        case doubledNumber = "doubled-number"
        /// Devices are each other's parents.
        case cycle
        /// Two documents have one name where names differ.
        case sharedName = "shared-name"
        /// A folder holds more files than git handles well.
        case fullFolder = "full-folder"
    }

    public let severity: Severity
    public let rule: Rule
    /// The file, or the folder for ``Rule/fullFolder``, from the top of the repository.
    public let path: String
    /// The place in a JSON document, where there is one.
    public let pointer: JSONPointer?
    /// The line, from 1, where it is known.
    public let line: Int?
    /// A sentence that says what is wrong and what is expected.
    public let reason: String

    public init(
        _ severity: Severity = .error, _ rule: Rule, path: String, pointer: JSONPointer? = nil,
        line: Int? = nil, reason: String
    ) {
        self.severity = severity
        self.rule = rule
        self.path = path
        self.pointer = pointer
        self.line = line
        self.reason = reason
    }

    /// Says of the file at `path` why it is no document.
    public init(path: String, _ invalid: InvalidDocument) {
        self.init(
            .error, invalid.rule, path: path, pointer: invalid.pointer, line: invalid.line,
            reason: invalid.reason)
    }
}

extension Problem: Comparable {
    /// By path, then by place in the file.
    public static func < (left: Problem, right: Problem) -> Bool {
        if !left.path.utf8.elementsEqual(right.path.utf8) {
            return left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
        }
        return (left.line ?? 0, left.pointer?.description ?? "", left.rule.rawValue, left.reason)
            < (right.line ?? 0, right.pointer?.description ?? "", right.rule.rawValue, right.reason)
    }
}

extension Problem: CustomStringConvertible {
    /// `path:line: pointer: reason`, without the parts that there are none of.
    public var description: String {
        let line = line.map { ":\($0)" } ?? ""
        let place = pointer.map { $0.tokens.isEmpty ? "" : " \($0):" } ?? ""
        return "\(path)\(line):\(place) \(reason)"
    }
}
