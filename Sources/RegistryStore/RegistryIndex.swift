public import Registry
internal import Synchronization

/// The snapshots that requests read.
public final class RegistryIndex: Sendable {
    private struct State {
        var committed: Snapshot
        var served: Snapshot
    }

    private let state: Mutex<State>

    package init(_ first: Snapshot) {
        state = Mutex(State(committed: first, served: first))
    }

    /// The newest published snapshot, with the valid uncommitted edits of the working tree.
    ///
    /// Take it once per request.
    public var current: Snapshot { state.withLock { $0.served } }

    /// The newest published commit alone.
    public var committed: Snapshot { state.withLock { $0.committed } }

    package func publish(committed: Snapshot, served: Snapshot) {
        state.withLock { $0 = State(committed: committed, served: served) }
    }
}
