internal import CGit2

/// One opened repository.
///
/// libgit2 objects are for one thread at a time, so this is not `Sendable`: whoever reads from
/// another thread opens the repository again.
public struct Repository: ~Copyable {
    let raw: OpaquePointer

    /// Opens the repository whose working tree or git directory is `path`, and none above it.
    public init(opening path: String) throws(GitError) {
        try Library.start()
        raw = try owned("git_repository_open") { git_repository_open(&$0, path) }
    }

    /// Makes a repository with a working tree at `path`, on a branch that has no commit yet.
    public init(creating path: String, branch: String) throws(GitError) {
        try Library.start()
        var options = git_repository_init_options()
        try check(
            "git_repository_init_options_init",
            git_repository_init_options_init(
                &options, UInt32(GIT_REPOSITORY_INIT_OPTIONS_VERSION)))
        options.flags = GIT_REPOSITORY_INIT_MKPATH.rawValue | GIT_REPOSITORY_INIT_NO_REINIT.rawValue
        raw = try owned("git_repository_init_ext") { made in
            branch.withCString { name in
                options.initial_head = name
                return git_repository_init_ext(&made, path, &options)
            }
        }
    }

    deinit { git_repository_free(raw) }

    public var isBare: Bool { git_repository_is_bare(raw) == 1 }

    /// The git directory of this working tree, with a final slash.
    public var gitDirectory: String { String(cString: git_repository_path(raw)) }

    /// The git directory that all working trees share, with a final slash.
    public var commonDirectory: String { String(cString: git_repository_commondir(raw)) }

    /// The working tree with a final slash; nil for a bare repository.
    public var workingTree: String? {
        git_repository_workdir(raw).map { String(cString: $0) }
    }
}
