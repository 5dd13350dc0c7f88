/// How much a push may make the server look at.
///
/// A few kilobytes can be a tree of as many files as there are grains of sand: ten folders that are
/// each ten times in the next one are 10,000,000,000 files. So each path counts, however often it is
/// the same object.
struct PushEffort {
    /// Files and folders that are new or changed, over all commits of the push.
    static let mostPaths = 2_000_000
    /// What they take as files.
    static let mostBytes = 16 << 30
    static let mostSeconds = 300.0

    /// What was counted so far.
    private(set) var done = Share()
    private let end = Clock.monotonicSeconds + Self.mostSeconds

    /// Why the push is refused; nil while it is not too much.
    private(set) var refusal: String?

    /// A part of what a push changes.
    struct Share {
        var paths = 0
        var bytes = 0

        static func - (whole: Share, part: Share) -> Share {
            Share(paths: whole.paths - part.paths, bytes: whole.bytes - part.bytes)
        }
    }

    /// Counts files and folders.
    ///
    /// - Returns: whether to go on.
    mutating func takes(_ share: Share) -> Bool {
        // Neither sum can overflow: no share is more than the whole that may be.
        done.paths += share.paths
        done.bytes += share.bytes
        if done.paths > Self.mostPaths {
            refusal = "The push changes more than \(Self.mostPaths) files; push less at a time."
        } else if done.bytes > Self.mostBytes {
            refusal =
                "The files that the push changes take more than \(Self.mostBytes >> 30) GiB; "
                + "push less at a time."
        }
        return isBearable()
    }

    /// Whether there is time left.
    mutating func isBearable() -> Bool {
        if refusal == nil, Clock.monotonicSeconds > end {
            refusal =
                "Looking at the push took longer than \(Int(Self.mostSeconds)) s; push less at a time."
        }
        return refusal == nil
    }
}
