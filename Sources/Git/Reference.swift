internal import CGit2

extension Repository {
    /// The full name of the branch that HEAD is on, born or not; nil when HEAD is detached.
    public func headBranch() throws(GitError) -> String? {
        let head = try owned("git_reference_lookup") { git_reference_lookup(&$0, raw, "HEAD") }
        defer { git_reference_free(head) }
        return git_reference_symbolic_target(head).map { String(cString: $0) }
    }

    /// Points HEAD at a branch.
    public func setHead(to name: String) throws(GitError) {
        try check("git_repository_set_head", git_repository_set_head(raw, name))
    }

    /// The object that a reference leads to; nil where there is no such reference.
    public func target(of name: String) throws(GitError) -> ObjectID? {
        var oid = git_oid()
        do {
            try check("git_reference_name_to_id", git_reference_name_to_id(&oid, raw, name))
        } catch  where error.code == .notFound {
            return nil
        }
        return ObjectID(oid)
    }

    /// Creates or moves a reference, whatever it was before.
    public func setReference(
        _ name: String, to id: ObjectID, message: String
    ) throws(GitError) {
        var oid = id.raw
        let reference = try owned("git_reference_create") {
            git_reference_create(&$0, raw, name, &oid, 1, message)
        }
        git_reference_free(reference)
    }

    /// Removes a reference where there is one.
    public func removeReference(_ name: String) throws(GitError) {
        do {
            try check("git_reference_remove", git_reference_remove(raw, name))
        } catch  where error.code == .notFound {
            return
        }
    }

    /// The names of all references that match a glob, `refs/heads/rewound-*`, in no order.
    public func references(matching glob: String) throws(GitError) -> [String] {
        let iterator = try owned("git_reference_iterator_glob_new") {
            git_reference_iterator_glob_new(&$0, raw, glob)
        }
        defer { git_reference_iterator_free(iterator) }
        var names: [String] = []
        var name: UnsafePointer<CChar>?
        while git_reference_next_name(&name, iterator) == 0, let found = name {
            names.append(String(cString: found))
        }
        git_error_clear()
        return names
    }

    /// What a name of any form (`HEAD~2`, a tag, a short id) leads to, as a commit.
    public func commit(named specification: String) throws(GitError) -> ObjectID {
        let object = try owned("git_revparse_single") {
            git_revparse_single(&$0, raw, specification)
        }
        defer { git_object_free(object) }
        let commit = try owned("git_object_peel") {
            git_object_peel(&$0, object, GIT_OBJECT_COMMIT)
        }
        defer { git_object_free(commit) }
        guard let id = git_object_id(commit) else { return .zero }
        return ObjectID(id.pointee)
    }
}
