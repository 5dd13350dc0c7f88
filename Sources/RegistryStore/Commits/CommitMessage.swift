internal import Git
internal import Registry

/// The text and the people of one commit of the server.
struct CommitMessage {
    let subject: String
    let body: String?
    let trailers: [Trailer]
    let author: Author
    /// Seconds since 1970.
    let seconds: Int64

    func commit(tree: ObjectID, parents: [ObjectID]) -> Commit {
        Commit(
            tree: tree, parents: parents,
            author: Signature(name: author.name, email: author.email, seconds: seconds),
            committer: .server(seconds: seconds), message: text)
    }

    /// - Throws: ``RegistryError/secretMessage`` where whoever clones would read a secret.
    func requireNoSecret() throws(RegistryError) {
        guard Secret.isIn(Array(subject.utf8)) || Secret.isIn(Array((body ?? "").utf8)) else {
            return
        }
        throw .secretMessage
    }

    /// Subject, body and trailers, each after an empty line; lines that begin with a space in the
    /// middle of a trailer continue it, so values lose their line breaks.
    private var text: String {
        var paragraphs = [Self.line(subject)]
        if let body, !body.isEmpty { paragraphs.append(Self.paragraph(body)) }
        if !trailers.isEmpty {
            paragraphs.append(
                trailers.map { "\(Self.line($0.name)): \(Self.line($0.value))" }
                    .joined(separator: "\n"))
        }
        return paragraphs.joined(separator: "\n\n") + "\n"
    }

    private static func line(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 }))
    }

    private static func paragraph(_ text: String) -> String {
        String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.isControl && $0 != "\n" ? " " : $0 }))
    }
}

extension Signature {
    /// The address that marks commits of the server.
    static let serverEmail = "server@muster.invalid"

    /// The server itself, as the committer of what it writes.
    static func server(seconds: Int64) -> Signature {
        Signature(name: "Muster", email: serverEmail, seconds: seconds)
    }
}
