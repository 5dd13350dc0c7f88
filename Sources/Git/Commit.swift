/// A commit: what a commit object says.
public struct Commit: Sendable {
    public var tree: ObjectID
    public var parents: [ObjectID]
    public var author: Signature
    public var committer: Signature
    /// Subject, empty line, body, trailers; ends with a newline.
    public var message: String
    /// The lines that sign the rest (gitformat-signature); not read from commits.
    public var signature: String?

    public init(
        tree: ObjectID, parents: [ObjectID], author: Signature, committer: Signature,
        message: String
    ) {
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        self.message = message
    }

    /// Reads the content of a commit object (gitformat: headers, empty line, message).
    public init(parsing bytes: [UInt8]) throws(GitError) {
        let corrupt = GitError(
            code: .invalid, function: "Commit(parsing:)", message: "corrupt commit")
        var tree: ObjectID?
        var parents: [ObjectID] = []
        var author: Signature?
        var committer: Signature?
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end != rest.startIndex {
            let line = rest[rest.startIndex..<end]
            rest = rest[(end + 1)...]
            // Lines of a signature and unknown headers are passed over.
            guard let space = line.firstIndex(of: UInt8(ascii: " ")) else { continue }
            let value = String(decoding: line[(space + 1)...], as: UTF8.self)
            switch String(decoding: line[..<space], as: UTF8.self) {
            case "tree": tree = ObjectID(hex: value)
            case "parent":
                guard let parent = ObjectID(hex: value) else { throw corrupt }
                parents.append(parent)
            case "author": author = Signature(parsing: value)
            case "committer": committer = Signature(parsing: value)
            default: continue
            }
        }
        guard let tree else { throw corrupt }
        // Tools of all kinds make commits; an odd author is no reason not to read one.
        let unknown = Signature(name: "unknown", email: "unknown", seconds: 0)
        self.init(
            tree: tree, parents: parents, author: author ?? unknown,
            committer: committer ?? unknown,
            message: String(decoding: rest.dropFirst(), as: UTF8.self))
    }

    /// The content of the commit object.
    public var bytes: [UInt8] {
        var text = "tree \(tree)\n"
        for parent in parents { text += "parent \(parent)\n" }
        text += "author \(author.line)\ncommitter \(committer.line)\n"
        if let signature {
            // Lines that continue a header begin with a space.
            let lines = signature.split(separator: "\n").joined(separator: "\n ")
            text += "gpgsig \(lines)\n"
        }
        return Array("\(text)\n\(message)".utf8)
    }

    /// The first line of the message.
    public var subject: String {
        String(message.unicodeScalars.prefix { $0 != "\n" })
    }

    /// What follows the subject, without the empty line.
    public var body: String {
        String(message.unicodeScalars.drop { $0 != "\n" }.drop { $0 == "\n" })
    }
}

/// Who and when, in a commit.
public struct Signature: Hashable, Sendable {
    public let name: String
    public let email: String
    /// Seconds since 1970.
    public let seconds: Int64
    /// Minutes east of UTC.
    public let offsetMinutes: Int

    /// Takes a name and an address, and replaces what no commit can hold.
    ///
    /// git refuses `<`, `>` and line breaks and cuts dots, commas, quotes and the like from both
    /// ends of a name; what is empty after that becomes `unknown`.
    public init(name: String, email: String, seconds: Int64, offsetMinutes: Int = 0) {
        self.name = Self.clean(name, spaces: true)
        self.email = Self.clean(email, spaces: false)
        self.seconds = max(0, seconds)
        self.offsetMinutes = offsetMinutes
    }

    init?(parsing line: String) {
        // Not characters: a mark that combines would be one with the bracket before it.
        let scalars = line.unicodeScalars
        guard let open = scalars.firstIndex(of: "<"), let close = scalars.lastIndex(of: ">"),
            open < close
        else { return nil }
        let name = scalars[..<open]
        self.name = String(name.last == " " ? name.dropLast() : name)
        email = String(scalars[scalars.index(after: open)..<close])
        let fields = String(scalars[scalars.index(after: close)...]).split(separator: " ")
        seconds = fields.first.flatMap { Int64($0) } ?? 0
        let zone = fields.dropFirst().first.flatMap { Int($0) } ?? 0
        offsetMinutes = abs(zone) > 9999 ? 0 : zone / 100 * 60 + zone % 100
    }

    var line: String {
        let minutes = abs(offsetMinutes)
        let digits = String(10_000 + (minutes / 60 % 24) * 100 + minutes % 60).dropFirst()
        return "\(name) <\(email)> \(seconds) \(offsetMinutes < 0 ? "-" : "+")\(digits)"
    }

    private static func clean(_ text: String, spaces: Bool) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isRefused =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar == "<" || scalar == ">" || scalar == "\"" || (!spaces && scalar == " ")
            scalars.append(isRefused ? "_" : scalar)
        }
        let crud: (Unicode.Scalar) -> Bool = { $0 == " " || ".,:;\\'".unicodeScalars.contains($0) }
        let start = scalars.firstIndex { !crud($0) } ?? scalars.endIndex
        let end = scalars.lastIndex { !crud($0) }.map { scalars.index(after: $0) } ?? start
        let kept = String(scalars[start..<end])
        return kept.isEmpty ? "unknown" : kept
    }
}
