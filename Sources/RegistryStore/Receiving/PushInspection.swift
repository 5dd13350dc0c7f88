internal import Git
internal import Registry

/// Looks at everything that a push brings, while git still keeps it apart from the repository.
///
/// What has left the quarantine can be fetched by its id, whether or not a reference leads to it: so
/// every object counts, also one that a later commit of the same push removes.
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
    private var seen: Set<ObjectID> = []

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
        for id in try handle.repository.newCommits(from: tip)
        where findings.count < Self.findingLimit {
            try inspect(commit: id)
        }
    }

    /// Looks at what no commit names: tags, and objects that nothing leads to.
    mutating func inspectRest() throws(GitError) {
        guard let quarantine else { return }
        for id in try ObjectDatabase(folder: quarantine).ids() where !seen.contains(id) {
            guard findings.count < Self.findingLimit else { return }
            let (kind, size) = try handle.database.header(of: id)
            guard kind != .tree else { continue }
            if kind != .blob, size > Self.messageLimit {
                note(.content, "object \(id)", Self.tooLong, in: nil)
                continue
            }
            try inspect(blob: id, size: size, at: "object \(id)", in: nil)
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
        var olds: [Tree] = []
        for parent in parents { olds.append(try read(parent)) }
        for entry in try read(tree).entries where findings.count < Self.findingLimit {
            let before = olds.compactMap { $0[entry.name] }
            if before.contains(where: { $0.id == entry.id && $0.mode == entry.mode }) { continue }
            let path = prefix + String(decoding: entry.name, as: UTF8.self)
            if let reason = Self.refusal(of: entry) {
                note(.fileName, path, reason, in: commit)
            } else if entry.mode == .tree {
                let folders = before.filter { $0.mode == .tree }.map(\.id)
                try compare(
                    entry.id, with: folders, under: path + "/", depth: depth + 1, in: commit)
            } else {
                try inspect(file: entry.id, at: path, in: commit)
            }
        }
    }

    private func read(_ tree: ObjectID) throws(GitError) -> Tree {
        guard try handle.database.header(of: tree).size <= Self.fileLimit else {
            throw GitError(
                code: .invalid, function: "PushInspection", message: "a folder is too large")
        }
        return try Tree(parsing: handle.database.read(tree, as: .tree))
    }

    /// Why no tree may have such an entry, whatever it holds.
    private static func refusal(of entry: Tree.Entry) -> String? {
        guard let name = String(validating: entry.name, as: UTF8.self) else {
            return "The name is no UTF-8, which not every system can hold; rename it."
        }
        if isGitFolder(name) { return "No file or folder may be named like git's own." }
        if ["", ".", ".."].contains(name) || name.utf8.contains(UInt8(ascii: "/")) {
            return "This is no name of a file."
        }
        return switch entry.mode {
        case .link: "Symbolic links are not taken; put the file itself there."
        case .submodule: "Submodules are not taken; put the files themselves there."
        default: nil
        }
    }

    /// `.git` as any file system may understand it: in any case, with what Windows and macOS leave
    /// out, and by its short name.
    private static func isGitFolder(_ name: String) -> Bool {
        let ignored: Set<Unicode.Scalar> = [
            "\u{200C}", "\u{200D}", "\u{200E}", "\u{200F}", "\u{FEFF}",
        ]
        let kept = name.lowercased().unicodeScalars.filter { scalar in
            !ignored.contains(scalar) && !(0x202A...0x202E).contains(scalar.value)
                && !(0x206A...0x206F).contains(scalar.value)
        }
        var text = String(String.UnicodeScalarView(kept))
        while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
        if let stream = text.firstIndex(of: ":") { text = String(text[..<stream]) }
        return text == ".git" || text == "git~1"
    }

    private mutating func inspect(
        file id: ObjectID, at path: String, in commit: ObjectID
    ) throws(GitError) {
        let (kind, size) = try handle.database.header(of: id)
        guard kind == .blob else { return note(.fileName, path, "This is no file.", in: commit) }
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
        let bytes = try handle.database.read(id).bytes
        if case .document(let key) = FileLayout.key(ofPath: path) {
            do throws(InvalidDocument) {
                _ = try PreparedDocument(key, bytes: bytes, blob: Revision(id))
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
