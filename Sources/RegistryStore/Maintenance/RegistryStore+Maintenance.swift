internal import Git
internal import Logging
internal import Registry

extension RegistryStore {
    /// Has git pack what has become much, until the task is cancelled.
    nonisolated func maintain() async {
        let maintenance = Maintenance(places: places)
        var schedule = MaintenanceSchedule()
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(5))
            packs.tidy()
            let isDue = schedule.isDue(
                packs, looseObjects: maintenance.looseObjects, commits: statistics.commits)
            guard !Task.isCancelled, isDue, let tip = index.committed.commit else { continue }
            // The pack of the newest batch is kept from git for a moment more.
            try? await Task.sleep(for: .milliseconds(100))
            let start = Clock.monotonicSeconds
            do {
                try await maintenance.run(packs, tip: ObjectID(tip))
                schedule.noteRun(seconds: Clock.monotonicSeconds - start)
                logger.info("Packed the repository.")
            } catch {
                schedule.noteFailure()
                logger.warning(
                    "The repository could not be packed; it is tried again.",
                    metadata: ["error": "\(error)"])
            }
        }
    }
}
