internal import Git

/// Whether a repository has nothing that a purge could not reach or would lose.
struct PurgeFitness {
    private let places: StorePlaces

    init(_ places: StorePlaces) { self.places = places }

    /// - Throws: ``PurgeError`` with the command that helps.
    func require() throws {
        let common = places.commonDirectory
        try refuse(
            FileFacts(at: "\(common)/shallow") != nil,
            "the repository is shallow: git fetch --unshallow first")
        try refuse(
            FileFacts(at: "\(common)/objects/info/alternates") != nil,
            "the repository borrows objects of another one: git repack -a -d && "
                + "rm .git/objects/info/alternates first")
        try refuse(
            FileSystem.names(in: "\(common)/worktrees")?.isEmpty == false,
            "the repository has further working trees: git worktree remove them first")
        for name in [
            "MERGE_HEAD", "CHERRY_PICK_HEAD", "REVERT_HEAD", "rebase-merge", "rebase-apply",
        ] {
            try refuse(
                FileFacts(at: "\(places.gitDirectory)/\(name)") != nil,
                "somebody is in the middle of a merge or rebase: end it first")
        }
        let repository = try Repository(opening: places.workingTree)
        try refuse(
            try repository.headBranch() == nil, "HEAD is on no branch: git switch main first")
        try refuse(
            try repository.target(of: "refs/stash") != nil,
            "there is a stash: git stash pop, or drop it, first")
        try refuse(
            try !repository.references(matching: "refs/replace/*").isEmpty,
            "objects are replaced (refs/replace): git replace -d them first")
        try requireCommitted(repository)
    }

    /// Every file of the branch is as the branch has it: edits would keep what is purged.
    private func requireCommitted(_ repository: borrowing Repository) throws {
        guard let tip = try repository.target(of: "HEAD") else { return }
        let database = try ObjectDatabase(of: repository)
        let tree = try database.commit(tip).tree
        for change in try TreeDifference(from: nil, to: tree, in: database).changes {
            guard let file = change.new, file.mode != .link else { continue }
            let bytes = try FileSystem.read(places.file(change.path))
            try refuse(
                bytes.map { GitObject(.blob, $0).id } != file.id,
                "\(change.path) has an edit that is not committed: commit or discard it first")
        }
    }

    private func refuse(_ condition: Bool, _ reason: String) throws {
        if condition { throw PurgeError(reason) }
    }
}
