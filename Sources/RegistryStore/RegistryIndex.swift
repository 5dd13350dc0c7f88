public import Registry
internal import Synchronization

/// The snapshots that requests read.
public final class RegistryIndex: Sendable {
    private struct State {
        var committed: Snapshot
        var served: SharedSnapshot
    }

    private let state: Mutex<State>
    private let publications = Publications()

    package init(_ first: Snapshot) {
        state = Mutex(State(committed: first, served: SharedSnapshot(first)))
    }

    /// The newest published snapshot, with the valid uncommitted edits of the working tree.
    ///
    /// Take it once per request.
    public var current: Snapshot { shared.snapshot }

    /// The same, for requests that hand it on.
    public var shared: SharedSnapshot { state.withLock { $0.served } }

    /// The newest published commit alone.
    public var committed: Snapshot { state.withLock { $0.committed } }

    package func publish(committed: Snapshot, served: Snapshot) {
        let next = State(committed: committed, served: SharedSnapshot(served))
        state.withLock { $0 = next }
        publications.announce()
    }

    /// How often something was published; see ``waitForPublication(after:)``.
    public var publicationCount: UInt64 { publications.count }

    /// Waits until something is published after `count` was seen, or the task is cancelled.
    public func waitForPublication(after count: UInt64) async {
        await publications.wait(after: count)
    }
}
