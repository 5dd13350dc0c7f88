/// A thread for slow work, one piece after the other, so that nobody waits for it.
actor BackgroundThread {
    private nonisolated let executor: WorkThread

    init(label: String) { executor = WorkThread(label: label) }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        executor.asUnownedSerialExecutor()
    }

    func perform<Result: Sendable, Failure: Error>(
        _ work: @Sendable () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try work()
    }
}
