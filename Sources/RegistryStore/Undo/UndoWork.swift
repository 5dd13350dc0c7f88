internal import Git
internal import Registry

/// What an undo means in git's terms; on which state is left open.
struct UndoWork: Sendable {
    /// A way from one tree to another that is gone back.
    struct Way: Sendable {
        let from: ObjectID
        let to: ObjectID
    }

    var way: Way?
    /// Documents that are to be as they were, with the commit that has them so.
    var restored: [(document: PreparedDocument, at: ObjectID)] = []
    var subject: String
    var trailers: [Trailer]
    /// The commits that are taken back, the newest first; at most as many as people are shown.
    var commits: [ObjectID] = []
    var commitCount = 0
    /// Where the versions are that it may need.
    var source: ObjectID
    var notes: [String] = []
}

/// An undo on one state of the registry.
struct UndoPlan {
    let result: PlannedTree
    /// Names the undo and what it found in the places that it is about.
    let tag: String

    init(
        _ work: UndoWork, on snapshot: Snapshot, _ trees: TreeEditor, choices: MergeChoices,
        in database: borrowing ObjectDatabase
    ) throws(GitError) {
        var merge = TreeMerge(ours: trees, choices: choices)
        var aims: [String] = []
        if let way = work.way {
            try merge.take(from: way.from, to: way.to, by: "", history: [:], in: database)
            aims.append("way \(way.from) \(way.to)")
        }
        for (document, _) in work.restored {
            let files = snapshot.fileChanges(for: [.put(document)])
            for file in files {
                let blob = file.document.map { GitObject(.blob, $0.bytes) }
                try merge.replace(file.path, with: blob, in: database)
            }
            aims.append("restore \(document.key) \(document.blob)")
            if files.isEmpty { aims.append("\(document.key) is so") }
        }
        let seen = merge.seen.map { "\($0.path) \($0.file.map { "\($0.id)" } ?? "-")" }
        tag = "\(Revision(blobOf: Array((aims + seen.sorted()).joined(separator: "\n").utf8)))"
        result = PlannedTree(merge)
    }

    /// The documents that are named after it and do not exist, with who names them.
    ///
    /// - Parameters:
    ///   - before: the registry without it; what was missing there is none of its doing.
    ///   - after: the registry with it.
    func missing(
        in after: Snapshot, since before: Snapshot
    ) -> [(target: DocumentKey, source: DocumentKey)] {
        var missing: [(target: DocumentKey, source: DocumentKey)] = []
        var known: Set<DocumentKey> = []
        for key in result.keys.sorted() {
            let old = Set(before[key]?.content.references.map(\.target) ?? [])
            for target in after[key]?.content.references.map(\.target) ?? []
            where after[target] == nil && known.insert(target).inserted {
                if old.contains(target), before[target] == nil { continue }
                missing.append((target, key))
            }
        }
        return missing
    }
}
