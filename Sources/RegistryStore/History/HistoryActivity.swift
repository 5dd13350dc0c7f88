internal import GRDB
internal import Git
public import Registry

/// How much was done, day by day, and by whom.
public struct HistoryActivity: Hashable, Sendable {
    /// Commits of one day in UTC.
    public struct Day: Hashable, Sendable {
        /// Midnight at its beginning.
        public let date: Timestamp
        public let commits: Int
    }

    public struct Person: Hashable, Sendable {
        public let author: Author
        public let commits: Int
    }

    /// Every day of the span, the oldest first.
    public let days: [Day]
    /// Those with the most commits, the first of them.
    public let people: [Person]
    public let personCount: Int
    public let commits: Int
    /// Whether every commit is counted: not so while the index is being made.
    public let isComplete: Bool
}

extension RegistryStore {
    /// Counts the commits of the served branch by day and author, when they were made.
    ///
    /// - Parameters:
    ///   - days: how many, up to and with that of `end`; 1 to 3,660.
    ///   - people: how many are named.
    public nonisolated func activity(
        days: Int = 365, until end: Timestamp = .now, people: Int = 20
    ) async throws(RegistryError) -> HistoryActivity {
        let last = end.wholeSeconds / 86_400
        let first = last - Int64(min(max(days, 1), 3_660)) + 1
        let isComplete = status.history.isComplete
        return try await reader.ask { reader in
            try reader.activity(first...last, people: people, isComplete: isComplete)
        }
    }
}

extension HistoryReader {
    /// An answer that was given, for who asks again soon: counting a long year takes a while.
    struct KnownActivity {
        let span: ClosedRange<Int64>
        let people: Int
        let answer: HistoryActivity
        let seconds: Double
    }

    private static let activitySeconds = 20.0
    /// Fewer commits are counted each time.
    private static let fewCommits = 10_000

    fileprivate func activity(
        _ span: ClosedRange<Int64>, people: Int, isComplete: Bool
    ) throws -> HistoryActivity {
        let now = Clock.monotonicSeconds
        if let known = knownActivity, known.span == span, known.people == people,
            known.answer.isComplete == isComplete, now - known.seconds < Self.activitySeconds
        {
            return known.answer
        }
        let found = try index.read { lookups in
            try lookups.activity(span, people: people, isComplete: isComplete)
        }
        guard let found else {
            return HistoryActivity(
                days: [], people: [], personCount: 0, commits: 0, isComplete: false)
        }
        knownActivity =
            found.commits < Self.fewCommits
            ? nil : KnownActivity(span: span, people: people, answer: found, seconds: now)
        return found
    }
}

extension HistoryLookups {
    fileprivate func activity(
        _ span: ClosedRange<Int64>, people limit: Int, isComplete: Bool
    ) throws -> HistoryActivity {
        let bounds: StatementArguments = [span.lowerBound, span.upperBound]
        var counts: [Int64: Int] = [:]
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT day, SUM(commits) FROM days WHERE day BETWEEN ? AND ? GROUP BY day",
            arguments: bounds)
        while let row = try rows.next() { counts[row[0]] = row[1] }
        let people = try Row.fetchAll(
            database,
            sql: """
                SELECT people.name, people.email, count FROM (
                    SELECT author, SUM(commits) AS count FROM days WHERE day BETWEEN ? AND ?
                    GROUP BY author ORDER BY count DESC, author LIMIT ?)
                JOIN people ON people.id = author ORDER BY count DESC, people.name
                """, arguments: bounds + [limit])
        let personCount = try Int.fetchOne(
            database, sql: "SELECT COUNT(DISTINCT author) FROM days WHERE day BETWEEN ? AND ?",
            arguments: bounds)
        return HistoryActivity(
            days: span.map { day in
                .init(
                    date: Timestamp(microseconds: day * 86_400_000_000),
                    commits: counts[day] ?? 0)
            },
            people: people.map { row in
                .init(author: Author(name: row[0], email: row[1]), commits: row[2])
            }, personCount: personCount ?? 0, commits: counts.values.reduce(0, +),
            isComplete: isComplete)
    }
}
