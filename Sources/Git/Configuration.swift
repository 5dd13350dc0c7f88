internal import CGit2

extension Repository {
    /// Sets one value of the repository's own configuration file.
    public func configure(_ name: String, _ value: String) throws(GitError) {
        let all = try owned("git_repository_config") { git_repository_config(&$0, raw) }
        defer { git_config_free(all) }
        let local = try owned("git_config_open_level") {
            git_config_open_level(&$0, all, GIT_CONFIG_LEVEL_LOCAL)
        }
        defer { git_config_free(local) }
        try check("git_config_set_string", git_config_set_string(local, name, value))
    }

    /// A value of the configuration as git would read it here, or nil.
    public func configuration(_ name: String) -> String? {
        guard
            let all = try? owned(
                "git_repository_config_snapshot",
                {
                    git_repository_config_snapshot(&$0, raw)
                })
        else { return nil }
        defer { git_config_free(all) }
        var value: UnsafePointer<CChar>?
        guard git_config_get_string(&value, all, name) == 0, let value else {
            git_error_clear()
            return nil
        }
        return String(cString: value)
    }
}
