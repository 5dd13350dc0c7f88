internal import CGit2

extension Repository {
    /// The newest commits up to `tip`, newest first; reads no more of the history than it gives.
    ///
    /// - Parameter firstParentOnly: follow only the first parent of each merge.
    public func commits(
        from tip: ObjectID, firstParentOnly: Bool = false, limit: Int
    ) throws(GitError) -> [ObjectID] {
        var found: [ObjectID] = []
        var seen: Set<ObjectID> = [tip]
        // As many as there are branches side by side: seldom more than a few.
        var waiting = [try walkStep(tip)]
        while found.count < limit,
            let place = waiting.indices.max(by: { waiting[$0].seconds < waiting[$1].seconds })
        {
            let step = waiting.remove(at: place)
            found.append(step.id)
            for parent in step.parents.prefix(firstParentOnly ? 1 : .max)
            where seen.insert(parent).inserted {
                if let step = try presentStep(parent) { waiting.append(step) }
            }
        }
        return found
    }

    /// The newest commits up to `tip`, newest first, without those that `isWanted` refuses and what
    /// only they reach.
    ///
    /// - Returns: the commits, and whether there are more than `limit`.
    public func commits(
        from tip: ObjectID, limit: Int, where isWanted: (ObjectID) throws -> Bool
    ) throws -> (commits: [ObjectID], isCut: Bool) {
        guard try isWanted(tip) else { return ([], false) }
        var found: [ObjectID] = []
        var seen: Set<ObjectID> = [tip]
        var waiting = [try walkStep(tip)]
        while let place = waiting.indices.max(by: { waiting[$0].seconds < waiting[$1].seconds }) {
            guard found.count < limit else { return (found, true) }
            let step = waiting.remove(at: place)
            found.append(step.id)
            for parent in step.parents {
                guard seen.insert(parent).inserted, try isWanted(parent) else { continue }
                if let step = try presentStep(parent) { waiting.append(step) }
            }
        }
        return (found, false)
    }

    /// `tip`, its first parent, and so on, newest first, up to one that `isWanted` refuses.
    public func firstParents(
        of tip: ObjectID, limit: Int = .max,
        while isWanted: (ObjectID) throws -> Bool = { _ in true }
    ) throws -> [ObjectID] {
        var commits: [ObjectID] = []
        var next: ObjectID? = tip
        while let id = next, commits.count < limit, try isWanted(id) {
            guard let step = try presentStep(id) else { break }
            next = step.parents.first
            commits.append(id)
        }
        return commits
    }

    /// When a commit was made, in seconds since 1970.
    public func seconds(of id: ObjectID) throws(GitError) -> Int64 { try walkStep(id).seconds }

    private struct WalkStep {
        let id: ObjectID
        let seconds: Int64
        let parents: [ObjectID]
    }

    /// Nil where a shallow clone ends.
    private func presentStep(_ id: ObjectID) throws(GitError) -> WalkStep? {
        do throws(GitError) {
            return try walkStep(id)
        } catch  where error.code == .notFound {
            return nil
        }
    }

    private func walkStep(_ id: ObjectID) throws(GitError) -> WalkStep {
        var oid = id.raw
        let commit = try owned("git_commit_lookup") { git_commit_lookup(&$0, raw, &oid) }
        defer { git_commit_free(commit) }
        let parents = (0..<git_commit_parentcount(commit)).compactMap { place in
            git_commit_parent_id(commit, place).map { ObjectID($0.pointee) }
        }
        return WalkStep(id: id, seconds: git_commit_time(commit), parents: parents)
    }

    /// The commits that `tip` reaches and `hidden` does not, each after those that descend from it.
    public func commits(
        from tip: ObjectID, hiding hidden: [ObjectID]
    ) throws(GitError) -> [ObjectID] {
        let walk = try owned("git_revwalk_new") { git_revwalk_new(&$0, raw) }
        defer { git_revwalk_free(walk) }
        try check("git_revwalk_sorting", git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL.rawValue))
        var oid = tip.raw
        try check("git_revwalk_push", git_revwalk_push(walk, &oid))
        for id in hidden {
            oid = id.raw
            try check("git_revwalk_hide", git_revwalk_hide(walk, &oid))
        }
        return try Self.rest(of: walk)
    }

    /// The commits that any of `tips` reaches, each after those that it descends from.
    public func commits(reaching tips: [ObjectID]) throws(GitError) -> [ObjectID] {
        let walk = try owned("git_revwalk_new") { git_revwalk_new(&$0, raw) }
        defer { git_revwalk_free(walk) }
        let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue
        try check("git_revwalk_sorting", git_revwalk_sorting(walk, order))
        for tip in tips {
            var oid = tip.raw
            try check("git_revwalk_push", git_revwalk_push(walk, &oid))
        }
        return try Self.rest(of: walk)
    }

    /// The commits that `tip` reaches and no reference does, oldest first.
    public func newCommits(from tip: ObjectID) throws(GitError) -> [ObjectID] {
        let walk = try owned("git_revwalk_new") { git_revwalk_new(&$0, raw) }
        defer { git_revwalk_free(walk) }
        let order = GIT_SORT_TOPOLOGICAL.rawValue | GIT_SORT_REVERSE.rawValue
        try check("git_revwalk_sorting", git_revwalk_sorting(walk, order))
        var oid = tip.raw
        try check("git_revwalk_push", git_revwalk_push(walk, &oid))
        try check("git_revwalk_hide_glob", git_revwalk_hide_glob(walk, "refs/*"))
        return try Self.rest(of: walk)
    }

    private static func rest(of walk: OpaquePointer) throws(GitError) -> [ObjectID] {
        var found: [ObjectID] = []
        var oid = git_oid()
        while true {
            let status = git_revwalk_next(&oid, walk)
            if git_error_code(status) == GIT_ITEROVER { break }
            try check("git_revwalk_next", status)
            found.append(ObjectID(oid))
        }
        git_error_clear()
        return found
    }

    /// Whether `ancestor` is `descendant` or reached by it.
    public func isAncestor(
        _ ancestor: ObjectID, of descendant: ObjectID
    ) throws(GitError) -> Bool {
        if ancestor == descendant { return true }
        var old = ancestor.raw
        var new = descendant.raw
        let status = git_graph_descendant_of(raw, &new, &old)
        try check("git_graph_descendant_of", status)
        return status == 1
    }

    /// The best common ancestor; nil where the histories have nothing in common.
    public func mergeBase(_ left: ObjectID, _ right: ObjectID) throws(GitError) -> ObjectID? {
        var one = left.raw
        var two = right.raw
        var base = git_oid()
        do {
            try check("git_merge_base", git_merge_base(&base, raw, &one, &two))
        } catch  where error.code == .notFound {
            return nil
        }
        return ObjectID(base)
    }
}
