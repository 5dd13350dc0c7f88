/// When the writer's work in the background is due, in monotonic seconds.
struct Schedule {
    private var indexingSeconds = 0.0
    /// Until when a person's commit may take to move the branch.
    private(set) var commitExpectedUntil = 0.0
    private var firstUnindexed: Double?
    private var nextIndexing = 0.0
    private var lastCheckpoint = 0.0
    private var lastScan = 0.0
    private var requestedScan: Scan? = Scan(watchesAnew: true, isFirst: true)
    private var lastLook = 0.0

    mutating func noteWrite() {
        if firstUnindexed == nil { firstUnindexed = Clock.monotonicSeconds }
    }

    /// - Parameters:
    ///   - seconds: how long it took.
    ///   - isBehind: whether more was written meanwhile.
    mutating func noteIndexed(in seconds: Double, isBehind: Bool) {
        indexingSeconds = seconds
        firstUnindexed = isBehind ? Clock.monotonicSeconds : nil
        nextIndexing = 0
    }

    /// Tries again a little later what a person's git keeps from being done.
    mutating func postponeIndex() { nextIndexing = Clock.monotonicSeconds + 0.1 }

    mutating func noteCheckpoint() { lastCheckpoint = Clock.monotonicSeconds }

    /// git's index: as soon as bringing it forward takes no more than a twentieth of the time, at
    /// the latest 5 s after the first write that it lacks.
    func isIndexDue(_ now: Double) -> Bool {
        guard now >= nextIndexing else { return false }
        guard let firstUnindexed else { return true }
        return now - firstUnindexed >= min(20 * indexingSeconds, 5)
    }

    /// A person's git is about to commit; another commit meanwhile would make it fail.
    mutating func expectCommit() { commitExpectedUntil = Clock.monotonicSeconds + 0.3 }

    mutating func stopExpectingCommit() { commitExpectedUntil = 0 }

    /// Flushing the file systems: every 5 s while something is to be flushed.
    ///
    /// - Parameter isPlacingMany: whether that would wait for thousands of files; not before a
    ///   minute, then.
    func isCheckpointDue(_ now: Double, isPlacingMany: Bool) -> Bool {
        now - lastCheckpoint >= (isPlacingMany ? 60 : 5)
    }

    /// References: every 250 ms.
    mutating func takeLook(_ now: Double) -> Bool {
        guard now - lastLook >= 0.25 else { return false }
        lastLook = now
        return true
    }

    /// A look at all files.
    struct Scan {
        /// Begins with watching all folders, so that nothing is missed in between.
        let watchesAnew: Bool
        /// What the start needed for a moment is free then.
        var isFirst = false
    }

    mutating func requestScan(watchingAnew: Bool = false) {
        let watchesAnew = watchingAnew || requestedScan?.watchesAnew ?? false
        requestedScan = Scan(watchesAnew: watchesAnew, isFirst: requestedScan?.isFirst ?? false)
    }

    /// All files: at once when that was asked for, else each minute.
    mutating func takeScan(_ now: Double) -> Scan? {
        guard requestedScan != nil || now - lastScan >= 60 else { return nil }
        defer { requestedScan = nil }
        lastScan = now
        return requestedScan ?? Scan(watchesAnew: false)
    }
}
