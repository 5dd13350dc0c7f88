internal import Git
internal import JSON
internal import Registry

/// The proposals as they are kept in `refs/notes/proposals`: one JSON file of each, and for people
/// who look at the commits with `git log --notes=proposals` a note on each head.
///
/// Whoever mirrors the repository has them.
struct ProposalRecords {
    static let reference = "refs/notes/proposals"

    private static let suffix = ".json"

    /// Every proposal that the repository has.
    static func read(
        from repository: borrowing Repository, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> [Int: Proposal] {
        guard let tip = try repository.target(of: reference) else { return [:] }
        var proposals: [Int: Proposal] = [:]
        let tree = try Tree(parsing: database.read(database.commit(tip).tree, as: .tree))
        for entry in tree.entries where entry.mode == .file {
            let name = String(decoding: entry.name, as: UTF8.self)
            guard name.hasSuffix(suffix), let number = Int(name.dropLast(suffix.count)),
                let json = try? JSONValue(
                    parsing: database.read(entry.id, as: .blob), options: .document),
                let proposal = Proposal(json: json), proposal.number == number
            else { continue }
            proposals[number] = proposal
        }
        return proposals
    }

    /// The objects that keep a changed proposal, and the new tip of the notes.
    static func objects(
        of proposal: Proposal, subject: String, by author: Author,
        in repository: borrowing Repository, _ database: borrowing ObjectDatabase
    ) throws(GitError) -> (objects: [NewObject], tip: ObjectID) {
        let parent = try repository.target(of: reference)
        var trees = TreeEditor()
        if let parent { trees = TreeEditor(root: try database.commit(parent).tree) }
        let record = GitObject(.blob, proposal.json.canonicalBytes())
        let note = GitObject(.blob, Array(note(of: proposal).utf8))
        let files = [
            (path: "\(proposal.number)\(suffix)", blob: record),
            (path: "\(proposal.head)", blob: note),
        ]
        let edits = files.map { ($0.path, TreeEditor.File?(.init(mode: .file, id: $0.blob.id))) }
        let made = try trees.apply(edits, in: database)
        let message = CommitMessage(
            subject: subject, body: nil, trailers: [], author: author, seconds: Clock.seconds)
        let commit = GitObject(
            .commit,
            message.commit(tree: trees.root, parents: parent.map { [$0] } ?? []).bytes)
        let objects = [NewObject(record), NewObject(note)] + made + [NewObject(commit)]
        return (objects, commit.id)
    }

    /// What `git log --notes=proposals` shows under the head.
    private static func note(of proposal: Proposal) -> String {
        var text = "Proposal \(proposal.number), \(proposal.state.rawValue): \(proposal.title)\n"
        for event in proposal.events where event.kind != .opened {
            text += "\(event.date) \(event.author.name) \(event.kind.rawValue)"
            text += event.text.isEmpty ? "\n" : ": \(event.text)\n"
        }
        return text
    }
}
