import Registry
import RegistryStore

/// What the store counts, as metrics.
func storeMetrics(of store: RegistryStore) -> [MetricFamily] {
    let counts = store.statistics
    let status = store.status
    return [
        MetricFamily(
            .counter, "muster_transactions_total", "Writes that were decided.",
            Double(counts.transactions)),
        MetricFamily(
            .counter, "muster_commits_total", "Commits made by this server.", Double(counts.commits)
        ),
        MetricFamily(
            .counter, "muster_batches_total", "Groups of transactions made durable together.",
            Double(counts.batches)),
        MetricFamily(
            .counter, "muster_batched_transactions_total", "Transactions in those groups.",
            Double(counts.batchSizeSum)),
        MetricFamily(
            .histogram, "muster_flush_duration_seconds", "Time to make one group durable.",
            samples: Histogram.samples(
                bounds: counts.flushSeconds.bounds, counts: counts.flushSeconds.counts,
                sum: counts.flushSeconds.sum)),
        MetricFamily(
            .gauge, "muster_uncommitted_edits", "Edits in the working tree that are not committed.",
            Double(status.uncommittedEdits.count)),
        MetricFamily(
            .gauge, "muster_files_behind", "Files of the working tree that are not up to date.",
            Double(status.filesBehind.count)),
        MetricFamily(
            .gauge, "muster_writable", "1 when the registry takes writes.",
            status.readOnlyReason == nil && status.headElsewhere == nil ? 1 : 0),
    ]
}

/// What a snapshot holds, as metrics.
func snapshotMetrics(of snapshot: Snapshot) -> [MetricFamily] {
    [
        MetricFamily(
            .gauge, "muster_documents", "Documents served.",
            samples: DocumentKind.all.map(\.collection).map { collection in
                .init(
                    labels: [("collection", collection.name)],
                    value: Double(snapshot.count(of: collection)))
            }),
        MetricFamily(
            .gauge, "muster_invalid_documents", "Files that are no valid document.",
            Double(snapshot.invalidPaths.count)),
        MetricFamily(
            .gauge, "muster_problems", "Errors and warnings that validation reports.",
            Double(snapshot.problems.count)),
    ]
}
