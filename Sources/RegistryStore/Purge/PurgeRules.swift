internal import Git
internal import Registry

/// What a purge does to one piece of the history, whatever is around it.
struct PurgeRules: Sendable {
    /// For everything.
    private(set) var texts = TextReplacement()
    /// For messages and notes, which name people.
    private(set) var messages = TextReplacement()
    let documents: Set<DocumentKey>
    private let people: [PurgeRequest.Person]

    /// Shorter texts would be found everywhere.
    private static let shortest = 4

    init(_ request: PurgeRequest) throws(PurgeError) {
        documents = Set(request.documents)
        people = request.people
        let isHarmless = request.replacement.utf8.allSatisfy { byte in
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte
                || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-_.@ ".utf8.contains(byte)
        }
        guard isHarmless, !request.replacement.isEmpty else {
            throw PurgeError("the replacement may hold letters, digits, -, _, ., @ and spaces")
        }
        for text in request.texts {
            try add(text, by: request.replacement, to: \.texts)
            messages.add(text, by: request.replacement)
        }
        for person in people {
            let instead = person.replacement
            if let email = person.email {
                try add(email, by: instead.email, to: \.texts)
                messages.add(email, by: instead.email)
            }
            if let name = person.name, name.utf8.count >= Self.shortest {
                try add(name, by: instead.name, to: \.messages)
            }
        }
        guard !texts.isEmpty || !documents.isEmpty || !people.isEmpty else {
            throw PurgeError("name what is to be purged: --text, --file, --document or --author")
        }
    }

    private mutating func add(
        _ text: String, by replacement: String,
        to list: WritableKeyPath<PurgeRules, TextReplacement>
    ) throws(PurgeError) {
        guard text.utf8.count >= Self.shortest else {
            throw PurgeError("a text of less than \(Self.shortest) bytes would be found everywhere")
        }
        var one = TextReplacement()
        one.add(text, by: replacement)
        guard !one.isIn(Array(replacement.utf8)) else {
            throw PurgeError("the replacement holds what is to be purged")
        }
        self[keyPath: list].add(text, by: replacement)
    }

    /// What an identity in a commit becomes, `Ada <ada@example.org>`.
    func identity(name: String, email: String) -> Author? {
        people.first { person in
            if let own = person.email { return own.lowercased() == email.lowercased() }
            return person.name == name
        }?.replacement
    }

    func removes(_ path: String) -> Bool {
        guard !documents.isEmpty, case .document(let key) = FileLayout.key(ofPath: path) else {
            return false
        }
        return documents.contains(key)
    }

    /// Whether bytes hold what must be gone.
    func isIn(_ bytes: [UInt8]) -> Bool { texts.isIn(bytes) }
}
