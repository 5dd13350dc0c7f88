/// What one git program, and each that it starts, may take of the machine.
///
/// A pack of some kilobytes can unpack to terabytes, and its deltas to one object of gigabytes: git
/// has to unpack it to see that.
struct GitLimits: Sendable {
    /// Of what it allocates (`RLIMIT_DATA`): packs that it maps do not count.
    let memoryBytes: Int
    let cpuSeconds: Int

    static let push = GitLimits(memoryBytes: 2 << 30, cpuSeconds: 300)
    /// The list of the objects of a very large registry is in memory while it is cloned.
    static let fetch = GitLimits(memoryBytes: 8 << 30, cpuSeconds: 3600)

    /// The largest piece of memory that git allocates at once for a push (`GIT_ALLOC_LIMIT`).
    static let pushedObjectBytes = 256 << 20

    /// The arguments for a shell that starts git within these limits, and a little behind whatever
    /// answers requests.
    ///
    /// The system's own limits may be lower, and stay so.
    func command(_ arguments: [String]) -> [String] {
        let script =
            "ulimit -d \(memoryBytes >> 10) 2>/dev/null; ulimit -t \(cpuSeconds) 2>/dev/null; "
            + "exec nice -n 5 git \"$@\""
        return ["-c", script, "git"] + arguments
    }
}
