internal import Glibc

/// The environment of the git programs that the server starts.
///
/// Nothing of the configuration of whoever runs the server counts, nor of the system's, nor what a
/// hook or a shell has set for another repository: only the configuration of the repository itself.
public enum GitEnvironment {
    /// - Parameter settings: configuration that goes before the repository's.
    public static func clean(with settings: [(name: String, value: String)] = [])
        -> [String: String]
    {
        var variables = [
            "LC_ALL": "C",
            "PATH": getenv("PATH").map { String(cString: $0) } ?? "/usr/local/bin:/usr/bin:/bin",
            "GIT_ATTR_NOSYSTEM": "1",
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CONFIG_GLOBAL": "/dev/null",
            "GIT_TERMINAL_PROMPT": "0",
        ]
        // The repository may belong to another user than the server runs as. No program of that
        // user's choice is asked for changed files.
        let all = [("safe.directory", "*"), ("core.fsmonitor", "false")] + settings
        variables["GIT_CONFIG_COUNT"] = "\(all.count)"
        for (number, (name, value)) in all.enumerated() {
            variables["GIT_CONFIG_KEY_\(number)"] = name
            variables["GIT_CONFIG_VALUE_\(number)"] = value
        }
        return variables
    }

    /// What makes git work on another repository than the one that a command names: a person may run
    /// it in a hook, or in a shell that has set this.
    public static let ofRepositories = [
        "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE", "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE", "GIT_NAMESPACE", "GIT_OBJECT_DIRECTORY", "GIT_PREFIX",
        "GIT_QUARANTINE_PATH", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_TEMPLATE_DIR",
        "GIT_WORK_TREE",
    ]
}
