import Registry
import RegistryStore

/// What the store counts, as metrics.
func storeMetrics(_ counts: StoreStatistics, _ status: StoreStatus) -> [MetricFamily] {
    [
        MetricFamily(
            .counter, "muster_transactions_total", "Writes that were answered.",
            Double(counts.transactions)),
        MetricFamily(
            .counter, "muster_failed_transactions_total",
            "Writes that were refused or could not be done.", Double(counts.failures)),
        MetricFamily(
            .counter, "muster_commits_total", "Commits made by this server.", Double(counts.commits)
        ),
        histogram("muster_batch_commits", "Commits made durable by one flush.", counts.batchSizes),
        histogram("muster_flush_duration_seconds", "Time that a flush took.", counts.flushSeconds),
        MetricFamily(
            .gauge, "muster_uncommitted_edits", "Edits in the working tree that are not committed.",
            Double(status.uncommittedEdits.count)),
        MetricFamily(
            .gauge, "muster_files_behind", "Files of the working tree that are not up to date.",
            Double(status.filesBehind.count)),
        MetricFamily(
            .gauge, "muster_rewound_tips", "Tips of the branch that were taken back by hand.",
            Double(status.rewoundTips.count)),
        MetricFamily(
            .gauge, "muster_git_index_behind", "1 while git's own index is behind the commits.",
            status.isIndexBehind ? 1 : 0),
        MetricFamily(
            .gauge, "muster_history_indexed_commits", "Commits in the index of the history.",
            Double(status.history.indexed)),
        MetricFamily(
            .gauge, "muster_history_waiting_commits",
            "Commits of the served line that the index of the history lacks.",
            Double(status.history.waiting)),
        MetricFamily(
            .gauge, "muster_writable", "1 when the registry takes writes.",
            status.readOnlyReason == nil && status.headElsewhere == nil ? 1 : 0),
    ] + (status.sync.map(syncMetrics) ?? [])
}

/// How the registry is to its upstream, as metrics.
private func syncMetrics(_ sync: SyncStatus) -> [MetricFamily] {
    let distances = [
        sync.ahead.map {
            MetricFamily(
                .gauge, "muster_upstream_ahead", "Commits that the upstream does not have.",
                Double($0))
        },
        sync.behind.map {
            MetricFamily(
                .gauge, "muster_upstream_behind", "Commits of the upstream that are not served.",
                Double($0))
        },
        sync.lastSync.map {
            MetricFamily(
                .gauge, "muster_upstream_last_sync_timestamp_seconds",
                "When both were last brought in step.", Double($0.microseconds) / 1_000_000)
        },
    ]
    return distances.compactMap(\.self) + [
        MetricFamily(
            .gauge, "muster_upstream_failures", "Failed tries to reach the upstream in a row.",
            Double(sync.failures)),
        MetricFamily(
            .gauge, "muster_upstream_conflicts",
            "Places that differ from the upstream until a person decides.",
            Double(sync.conflicts.count)),
    ]
}

private func histogram(
    _ name: String, _ help: String, _ values: StoreStatistics.Histogram
) -> MetricFamily {
    MetricFamily(
        .histogram, name, help,
        samples: Histogram.samples(bounds: values.bounds, counts: values.counts, sum: values.sum))
}

/// What a snapshot holds, as metrics.
func snapshotMetrics(of snapshot: Snapshot) -> [MetricFamily] {
    let problems = Dictionary(grouping: snapshot.problems, by: \.severity)
    return [
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
            .gauge, "muster_problems", "What validation reports.",
            samples: [Problem.Severity.error, .warning].map { severity in
                .init(
                    labels: [("severity", severity.rawValue)],
                    value: Double(problems[severity]?.count ?? 0))
            }),
    ]
}
