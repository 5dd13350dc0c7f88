internal import Git
internal import Registry

/// Looks at everything that a push brings, while git still keeps it apart from the repository.
///
/// What has left the quarantine can be fetched by its id, whether or not a reference leads to it: so
/// every object counts, also one that a later commit of the same push removes. What is too much to be
/// looked at is refused for that.
struct PushInspection {
    /// Something that must not come into the repository.
    struct Finding {
        let problem: Problem
        /// The commit that brings it.
        let commit: ObjectID?

        var line: String {
            let place = commit.map { " (in commit \("\($0)".prefix(10)))" } ?? ""
            return "\(problem)\(place)"
        }
    }

    private let handle: RepositoryHandle
    /// The folder of the pushed objects.
    private let quarantine: String?
    private let renewals: Renewals
    private(set) var findings: [Finding] = []
    /// The greatest numbers of the Craton API that the pushed documents have.
    private(set) var numbers: [CratonFamily: Int] = [:]
    private var seen: Set<ObjectID> = []
    /// What was read, and as what: a document's strings are looked at, too.
    private var read: Set<ReadBlob> = []
    /// Folders of which no parent had any, with all that is in them.
    private var walked: [WalkedFolder: PushEffort.Share] = [:]
    private var effort = PushEffort()

    private struct ReadBlob: Hashable {
        let id: ObjectID
        let collection: Collection?
    }

    private struct WalkedFolder: Hashable {
        let id: ObjectID
        /// The top of the path, which decides what files are read as.
        let top: String
        /// How far down it is.
        let depth: Int
    }

    /// More than a person reads at once.
    private static let findingLimit = 50
    /// No file is larger.
    static let fileLimit = 32 << 20
    /// No commit and no tag is larger.
    private static let messageLimit = 1 << 20
    private static let tooLong = "A commit or a tag of more than 1 MiB is not taken."

    /// - Parameter renewals: commits that must not come back.
    init(_ handle: RepositoryHandle, quarantine: String?, renewals: Renewals) {
        self.handle = handle
        self.renewals = renewals
        self.quarantine = quarantine
    }

    /// Looks at the commits that a reference would get.
    mutating func inspect(_ tip: ObjectID) throws(GitError) {
        for id in try handle.repository.newCommits(from: tip) where goesOn {
            try inspect(commit: id)
            if !effort.isBearable() { noteEffort("the push", in: id) }
        }
    }

    /// Whether what comes next can change the answer.
    private var goesOn: Bool { findings.count < Self.findingLimit && effort.refusal == nil }

    private mutating func noteEffort(_ path: String, in commit: ObjectID?) {
        if let refusal = effort.refusal { note(.content, path, refusal, in: commit) }
    }

    /// Looks at what no commit names: tags, and objects that nothing leads to.
    mutating func inspectRest() throws(GitError) {
        guard let quarantine else { return }
        for id in try ObjectDatabase(folder: quarantine).ids() where !seen.contains(id) && goesOn {
            guard effort.isBearable() else { return noteEffort("object \(id)", in: nil) }
            let (kind, size) = try handle.database.header(of: id)
            if kind == .tree {
                try inspect(tree: id)
                continue
            }
            if kind != .blob, size > Self.messageLimit {
                note(.content, "object \(id)", Self.tooLong, in: nil)
                continue
            }
            try inspect(blob: id, size: size, at: "object \(id)", in: nil)
        }
    }

    /// Looks at the names in a folder that no new commit has.
    private mutating func inspect(tree id: ObjectID) throws(GitError) {
        for entry in try read(id).entries where goesOn {
            guard let reason = EntryName.refusal(of: entry) else { continue }
            let name = String(decoding: entry.name, as: UTF8.self)
            note(.fileName, "\(name) in object \(id)", reason, in: nil)
        }
    }

    private mutating func inspect(commit id: ObjectID) throws(GitError) {
        guard seen.insert(id).inserted else { return }
        guard try handle.database.header(of: id).size <= Self.messageLimit else {
            return note(.content, "the commit's message", Self.tooLong, in: id)
        }
        if renewals.new(of: id) != nil {
            return note(.secret, "the history", Renewals.refusal, in: id)
        }
        let bytes = try handle.database.read(id, as: .commit)
        if Secret.isIn(bytes) {
            note(.secret, "the commit's message", Secret.reason, in: id)
        }
        let commit = try Commit(parsing: bytes)
        var parents: [ObjectID] = []
        // A shallow clone lacks the parents of its oldest commits.
        for parent in commit.parents where handle.database.contains(parent) {
            parents.append(try handle.database.commit(parent).tree)
        }
        try compare(commit.tree, with: parents, under: "", depth: 0, in: id)
    }

    /// Looks at the entries that none of the parents has.
    private mutating func compare(
        _ tree: ObjectID, with parents: [ObjectID], under prefix: String, depth: Int,
        in commit: ObjectID
    ) throws(GitError) {
        guard !parents.contains(tree) else { return }
        guard depth < TreeEditor.maximumDepth else {
            return note(
                .fileName, prefix, "Folders are nested more than \(TreeEditor.maximumDepth) deep.",
                in: commit)
        }
        seen.insert(tree)
        let first = try parents.first.map { id throws(GitError) in try read(id) } ?? Tree()
        // A search by name in each tree would take the square of their size.
        let others = try parents.dropFirst().map { id throws(GitError) in
            Dictionary(try read(id).entries.map { ($0.name, $0) }) { one, _ in one }
        }
        for case (let old, let entry?) in Tree.differences(from: first, to: try read(tree))
        where goesOn {
            let before = [old].compactMap(\.self) + others.compactMap { $0[entry.name] }
            if before.contains(where: { $0.id == entry.id && $0.mode == entry.mode }) { continue }
            let path = prefix + String(decoding: entry.name, as: UTF8.self)
            if let reason = EntryName.refusal(of: entry) {
                note(.fileName, path, reason, in: commit)
            } else if entry.mode == .tree {
                let folders = before.filter { $0.mode == .tree }.map(\.id)
                try compare(
                    folder: entry.id, with: folders, at: path, depth: depth + 1, in: commit)
            } else {
                try inspect(file: entry.id, at: path, in: commit)
            }
        }
    }

    /// Looks into a folder, and once only into one that is wholly new.
    private mutating func compare(
        folder id: ObjectID, with parents: [ObjectID], at path: String, depth: Int,
        in commit: ObjectID
    ) throws(GitError) {
        let place = WalkedFolder(id: id, top: String(path.prefix { $0 != "/" }), depth: depth)
        let known = parents.isEmpty ? walked[place] : nil
        guard effort.takes(known ?? .init(paths: 1)) else { return noteEffort(path, in: commit) }
        guard known == nil else { return }
        let before = effort.done
        try compare(id, with: parents, under: path + "/", depth: depth, in: commit)
        if parents.isEmpty {
            var share = effort.done - before
            share.paths += 1
            walked[place] = share
        }
    }

    private func read(_ tree: ObjectID) throws(GitError) -> Tree {
        guard try handle.database.header(of: tree).size <= Self.fileLimit else {
            throw GitError(
                code: .invalid, function: "PushInspection", message: "a folder is too large")
        }
        return try Tree(parsing: handle.database.read(tree, as: .tree))
    }

    private mutating func inspect(
        file id: ObjectID, at path: String, in commit: ObjectID
    ) throws(GitError) {
        let (kind, size) = try handle.database.header(of: id)
        guard kind == .blob else { return note(.fileName, path, "This is no file.", in: commit) }
        guard effort.takes(.init(paths: 1, bytes: size)) else {
            return noteEffort(path, in: commit)
        }
        try inspect(blob: id, size: size, at: path, in: commit)
    }

    private mutating func inspect(
        blob id: ObjectID, size: Int, at path: String, in commit: ObjectID?
    ) throws(GitError) {
        seen.insert(id)
        guard size <= Self.fileLimit else {
            let reason = "The file has \(size >> 20) MiB; \(Self.fileLimit >> 20) MiB is the most."
            return note(.content, path, reason, in: commit)
        }
        let place = FileLayout.key(ofPath: path)
        guard read.insert(ReadBlob(id: id, collection: place.collection)).inserted else { return }
        let bytes = try handle.database.read(id).bytes
        if case .document(let key) = place {
            do throws(InvalidDocument) {
                let document = try PreparedDocument(key, bytes: bytes, blob: Revision(id))
                if let number = document.cratonNumber {
                    numbers.merge([number.family: number.value], uniquingKeysWith: max)
                }
            } catch  where error.rule == .secret {
                findings.append(Finding(problem: Problem(path: path, error), commit: commit))
                return
            } catch {
                // Only the tip of the served branch has to be valid.
            }
        }
        if Secret.isIn(bytes) { note(.secret, path, Secret.reason, in: commit) }
    }

    private mutating func note(
        _ rule: Problem.Rule, _ path: String, _ reason: String, in commit: ObjectID?
    ) {
        let problem = Problem(.error, rule, path: path, reason: reason)
        findings.append(Finding(problem: problem, commit: commit))
    }
}

extension FileLayout.Place {
    fileprivate var collection: Collection? {
        if case .document(let key) = self { key.collection } else { nil }
    }
}
