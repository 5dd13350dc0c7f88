internal import CGit2

/// The memory of the process.
public enum Memory {
    /// Gives what was freed back to the system: after work that took very much for a moment.
    ///
    /// It looks at every free block, which takes milliseconds where there are many.
    public static func returnFreed() { muster_return_memory() }
}
