internal import Git

/// The run of the machine that this is.
enum Boot {
    /// Another one after each start of the machine (random(4), `boot_id`); nil where none is told.
    static let current: String? = {
        let id = text(of: "/proc/sys/kernel/random/boot_id").filter { $0.isLetter || $0.isNumber }
        return id.isEmpty ? nil : id
    }()

    /// When the machine was started, in seconds since 1970 (proc_stat(5), `btime`).
    static let began: Int64? = text(of: "/proc/stat").split(separator: "\n")
        .first { $0.hasPrefix("btime ") }.flatMap { Int64($0.dropFirst(6)) }

    private static func text(of path: String) -> String {
        String(decoding: (try? FileSystem.read(path, limit: 1 << 20)) ?? [], as: UTF8.self)
    }
}
