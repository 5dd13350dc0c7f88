/// When the writer's work in the background is due, in monotonic seconds.
struct Schedule {
    private var lastWrite = 0.0
    private var firstUnindexed: Double?
    private var nextIndexing = 0.0
    private var lastCheckpoint = 0.0
    private var lastScan = 0.0
    private var lastLook = 0.0

    mutating func noteWrite() {
        let now = Clock.monotonicSeconds
        lastWrite = now
        if firstUnindexed == nil { firstUnindexed = now }
    }

    mutating func noteIndexed() {
        firstUnindexed = nil
        nextIndexing = 0
    }

    /// Tries again a little later what a person's git keeps from being done.
    mutating func postponeIndex() { nextIndexing = Clock.monotonicSeconds + 0.5 }

    mutating func noteCheckpoint() { lastCheckpoint = Clock.monotonicSeconds }

    /// git's index: 200 ms after the last write, at the latest 5 s after the first.
    func isIndexDue(_ now: Double) -> Bool {
        guard now >= nextIndexing else { return false }
        guard let firstUnindexed else { return true }
        return now - lastWrite >= 0.2 || now - firstUnindexed >= 5
    }

    /// Flushing the file systems: every 5 s while something is to be flushed.
    func isCheckpointDue(_ now: Double) -> Bool { now - lastCheckpoint >= 5 }

    /// References: every 250 ms.
    mutating func takeLook(_ now: Double) -> Bool {
        guard now - lastLook >= 0.25 else { return false }
        lastLook = now
        return true
    }

    /// All files: each minute.
    mutating func takeScan(_ now: Double) -> Bool {
        if lastScan == 0 { lastScan = now }
        guard now - lastScan >= 60 else { return false }
        lastScan = now
        return true
    }
}
