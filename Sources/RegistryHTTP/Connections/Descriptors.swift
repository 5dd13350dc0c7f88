import Glibc

/// How many files and connections the system lets this process have open.
public enum Descriptors {
    /// Raises the limit as far as the system allows without privileges.
    ///
    /// The usual soft limit of 1,024 is for programs that cannot do with more.
    public static func raiseLimit() {
        var limit = rlimit()
        guard getrlimit(Self.files, &limit) == 0, limit.rlim_cur < limit.rlim_max else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(Self.files, &limit)
    }

    /// What connections may have of it; the rest is for files and for git's programs.
    static var forConnections: Int {
        var limit = rlimit()
        guard getrlimit(Self.files, &limit) == 0 else { return 512 }
        let all = Int(clamping: limit.rlim_cur)
        return all - min(all / 2, max(256, all / 8))
    }

    private static let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
}
