/// A snapshot behind one reference.
///
/// A copy of a snapshot counts a reference to each of its parts, on counters that all cores want at
/// the same time; requests that only read hand this on instead.
public final class SharedSnapshot: Sendable {
    public let snapshot: Snapshot

    public init(_ snapshot: Snapshot) { self.snapshot = snapshot }
}
