public import JSON
public import Registry

/// What a client pushes, as git tells its hooks.
public struct Push: Hashable, Sendable {
    /// One reference that the client wants to move.
    public struct Update: Hashable, Sendable {
        /// Its full name, `refs/heads/main`.
        public let reference: String
        /// Where the client believes that it is; nil for a new one.
        public let old: Revision?
        /// Where it is to go; nil to remove it.
        public let new: Revision?

        public init(reference: String, old: Revision?, new: Revision?) {
            self.reference = reference
            self.old = old
            self.new = new
        }

        /// Reads `<old> <new> <reference>`, as `pre-receive` and `proc-receive` get it.
        public init?(line: String) {
            let words = line.split(separator: " ", maxSplits: 2).map(String.init)
            guard words.count == 3, let old = Revision(hex: words[0]),
                let new = Revision(hex: words[1])
            else { return nil }
            self.init(
                reference: words[2], old: old.isZero ? nil : old, new: new.isZero ? nil : new)
        }
    }

    public var updates: [Update]
    /// What the client said with `-o`.
    public var options: [String]
    /// Who pushes, where it came by HTTP; nil for a push from this machine (by path or ssh), whose
    /// sender could write the repository as well, and is trusted.
    public var caller: Caller?
    /// Whether all of it moves or nothing does.
    public var isAtomic = false
    /// Where git keeps the pushed objects until the push is accepted; nil when it is.
    public var quarantine: String?

    public init(
        updates: [Update], options: [String] = [], caller: Caller? = nil,
        quarantine: String? = nil
    ) {
        self.updates = updates
        self.options = options
        self.caller = caller
        self.quarantine = quarantine
    }

    /// The variable in which git's programs hand on who pushes.
    public static let callerVariable = "MUSTER_CALLER"

    /// The value of `-o name=value`, the last one.
    func option(_ name: String) -> String? {
        options.last { $0.utf8.starts(with: "\(name)=".utf8) }
            .map { String($0.dropFirst(name.count + 1)) }
    }
}

/// What became of a push, or would.
public struct PushAnswer: Hashable, Sendable {
    public struct Outcome: Hashable, Sendable {
        public let reference: String
        /// Why it stays where it is, one line; nil when it has moved, or may.
        public var refusal: String?
        /// Where it went instead of where the client wanted it.
        public var target: Revision?
        /// The reference that has moved instead, such as a proposal's.
        public var instead: String?

        public init(
            _ reference: String, refusal: String? = nil, target: Revision? = nil,
            instead: String? = nil
        ) {
            self.reference = reference
            self.refusal = refusal
            self.target = target
            self.instead = instead
        }
    }

    public var outcomes: [Outcome]
    /// What the person who pushes is to read, line by line.
    public var lines: [String]

    public init(outcomes: [Outcome] = [], lines: [String] = []) {
        self.outcomes = outcomes
        self.lines = lines
    }

    public var isRefused: Bool { outcomes.contains { $0.refusal != nil } }
}

extension Push {
    /// The push as the command socket carries it.
    public var json: JSONValue {
        var object = JSONObject()
        object["updates"] = .array(
            updates.map { update in
                .text("\(update.old ?? .zero) \(update.new ?? .zero) \(update.reference)")
            })
        object["options"] = .array(options.map { .text($0) })
        object["caller"] = caller?.json
        if isAtomic { object["atomic"] = .bool(true) }
        if let quarantine { object["quarantine"] = .text(quarantine) }
        return .object(object)
    }

    init?(json: JSONValue) {
        guard let lines = json["updates"]?.array?.map({ $0.text ?? "" }) else { return nil }
        let updates = lines.compactMap { Update(line: $0) }
        guard updates.count == lines.count else { return nil }
        self.init(
            updates: updates, options: json["options"]?.array?.compactMap(\.text) ?? [],
            caller: json["caller"].flatMap { Caller(json: $0) },
            quarantine: json["quarantine"]?.text)
        if caller == nil, json["caller"] != nil { return nil }
        isAtomic = json["atomic"]?.bool ?? false
    }
}

extension PushAnswer {
    var json: JSONValue {
        [
            "outcomes": .array(outcomes.map(\.json)),
            "lines": .array(lines.map { .text($0) }),
        ]
    }

    /// Reads the answer as it comes by the command socket.
    public init?(json: JSONValue) {
        guard let outcomes = json["outcomes"]?.array else { return nil }
        self.init(
            outcomes: outcomes.compactMap { Outcome(json: $0) },
            lines: json["lines"]?.array?.compactMap(\.text) ?? [])
    }
}

extension PushAnswer.Outcome {
    fileprivate var json: JSONValue {
        var object = JSONObject()
        object["reference"] = .text(reference)
        if let refusal { object["refusal"] = .text(refusal) }
        if let target { object["target"] = .text("\(target)") }
        if let instead { object["instead"] = .text(instead) }
        return .object(object)
    }

    fileprivate init?(json: JSONValue) {
        guard let reference = json["reference"]?.text else { return nil }
        self.init(
            reference, refusal: json["refusal"]?.text,
            target: json["target"]?.text.flatMap { Revision(hex: $0) },
            instead: json["instead"]?.text)
    }
}
