internal import Git

extension ObjectDatabase {
    func commit(_ id: ObjectID) throws(GitError) -> Commit {
        try Commit(parsing: read(id, as: .commit))
    }

    /// The files that a commit changed against its first parent.
    func changes(of commit: Commit) throws(GitError) -> [TreeDifference.Change] {
        // A shallow clone lacks the parents of its oldest commits.
        let parent = commit.parents.first.flatMap { contains($0) ? $0 : nil }
        let tree = try parent.map { id throws(GitError) in try self.commit(id).tree }
        return try TreeDifference(from: tree, to: commit.tree, in: self).changes
    }
}
