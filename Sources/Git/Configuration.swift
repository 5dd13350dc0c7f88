internal import CGit2

extension Repository {
    /// Sets one value of the repository's own configuration file.
    public func configure(_ name: String, _ value: String) throws(GitError) {
        try configure(name, [value])
    }

    /// Sets all values of a name that may have several.
    public func configure(_ name: String, _ values: [String]) throws(GitError) {
        let all = try owned("git_repository_config") { git_repository_config(&$0, raw) }
        defer { git_config_free(all) }
        let local = try owned("git_config_open_level") {
            git_config_open_level(&$0, all, GIT_CONFIG_LEVEL_LOCAL)
        }
        defer { git_config_free(local) }
        if let value = values.first, values.count == 1, Self.count(of: name, in: local) <= 1 {
            return try check("git_config_set_string", git_config_set_string(local, name, value))
        }
        let status = git_config_delete_multivar(local, name, ".*")
        if git_error_code(status) != GIT_ENOTFOUND {
            try check("git_config_delete_multivar", status)
        }
        for value in values {
            // No value is like this, so each is added.
            try check(
                "git_config_set_multivar", git_config_set_multivar(local, name, "^$", value))
        }
        git_error_clear()
    }

    private static func count(of name: String, in configuration: OpaquePointer) -> Int {
        var iterator: OpaquePointer?
        guard git_config_multivar_iterator_new(&iterator, configuration, name, nil) == 0 else {
            git_error_clear()
            return 0
        }
        defer { git_config_iterator_free(iterator) }
        var count = 0
        var entry: UnsafeMutablePointer<git_config_entry>?
        while git_config_next(&entry, iterator) == 0 { count += 1 }
        git_error_clear()
        return count
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
