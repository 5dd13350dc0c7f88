/// The endpoints of webhooks, what they sign with, and what was sent to them: `webhooks.sqlite` of the
/// state directory (write-ahead log, synchronous FULL).
///
/// Commands of other processes may use the file at the same time.
public final class WebhookStore: Sendable {
    let database: StateDatabase

    /// So many finished deliveries of each endpoint are kept.
    static let keptDeliveries = 1_000

    /// Opens the file, or makes it.
    public init(in directory: StateDirectory) throws(StateError) {
        database = try StateDatabase("webhooks.sqlite", in: directory, schema: Self.schema)
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS endpoint (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            description TEXT NOT NULL,
            collections TEXT NOT NULL,  -- names with a space between them
            disabled TEXT,              -- why
            created INTEGER NOT NULL,   -- microseconds, as all times
            position TEXT,              -- a commit
            secret TEXT NOT NULL,
            old_secret TEXT,
            old_until INTEGER
        ) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS delivery (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            endpoint TEXT NOT NULL REFERENCES endpoint ON DELETE CASCADE,
            type TEXT NOT NULL,
            created INTEGER NOT NULL,
            payload BLOB NOT NULL,
            state TEXT NOT NULL,
            next_attempt INTEGER
        );
        CREATE INDEX IF NOT EXISTS delivery_by_endpoint ON delivery (endpoint, number);
        CREATE INDEX IF NOT EXISTS delivery_due ON delivery (endpoint, next_attempt)
            WHERE next_attempt IS NOT NULL;
        CREATE TABLE IF NOT EXISTS attempt (
            delivery INTEGER NOT NULL REFERENCES delivery ON DELETE CASCADE,
            number INTEGER NOT NULL,
            date INTEGER NOT NULL,
            status INTEGER,
            error TEXT,
            milliseconds INTEGER NOT NULL,
            PRIMARY KEY (delivery, number)
        ) WITHOUT ROWID;
        """

    public func close() { database.close() }
}
