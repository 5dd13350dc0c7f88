internal import Git

extension ObjectDatabase {
    func commit(_ id: ObjectID) throws(GitError) -> Commit {
        try Commit(parsing: read(id, as: .commit))
    }

    /// The files that a commit changed against its first parent.
    func changes(of commit: Commit) throws(GitError) -> [TreeDifference.Change] {
        let parent = try commit.parents.first.map { id throws(GitError) in try self.commit(id).tree
        }
        return try TreeDifference(from: parent, to: commit.tree, in: self).changes
    }
}
