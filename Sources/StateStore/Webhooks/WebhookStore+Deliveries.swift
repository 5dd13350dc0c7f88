import FoundationEssentials
import GRDB
public import Registry

extension WebhookStore {
    /// Adds a message to be sent, and moves its endpoint behind what it tells, in one step: so that
    /// each commit is told once.
    ///
    /// - Parameter position: nil leaves the endpoint where it is.
    @discardableResult
    public func enqueue(
        _ payload: [UInt8], type: String, for endpoint: String, reaching position: Revision?,
        now: Timestamp = .now
    ) throws(StateError) -> WebhookDelivery {
        let delivery = WebhookDelivery(
            id: "msg_" + lowercaseHex(randomBytes(12)), endpoint: endpoint, type: type,
            created: now, payload: payload, state: .pending, nextAttempt: now, attempts: [])
        try database.write { database in
            try database.execute(
                sql: """
                    INSERT INTO delivery (id, endpoint, type, created, payload, state, next_attempt)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    delivery.id, endpoint, type, now.microseconds, Data(payload),
                    delivery.state.rawValue, now.microseconds,
                ])
            try Self.move(endpoint, to: position, database)
            try Self.forgetOld(endpoint, database)
        }
        return delivery
    }

    /// Moves an endpoint behind commits that it need not be told of.
    public func move(_ endpoint: String, to position: Revision) throws(StateError) {
        try database.write { try Self.move(endpoint, to: position, $0) }
    }

    private static func move(
        _ endpoint: String, to position: Revision?, _ database: Database
    ) throws {
        guard let position else { return }
        try database.execute(
            sql: "UPDATE endpoint SET position = ? WHERE id = ?",
            arguments: [position.description, endpoint])
    }

    private static func forgetOld(_ endpoint: String, _ database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM delivery WHERE endpoint = ?1 AND state != 'pending' AND number <= (
                    SELECT number FROM delivery WHERE endpoint = ?1
                    ORDER BY number DESC LIMIT 1 OFFSET ?2)
                """,
            arguments: [endpoint, keptDeliveries])
    }

    /// The pending message of an endpoint that was made first; later ones wait for it, so that
    /// messages come in the order of what they tell.
    public func firstPending(for endpoint: String) throws(StateError) -> WebhookDelivery? {
        try database.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT * FROM delivery WHERE endpoint = ? AND next_attempt IS NOT NULL
                    ORDER BY number LIMIT 1
                    """, arguments: [endpoint]
            ).map { try WebhookDelivery($0, database) }
        }
    }

    /// Notes how an attempt went.
    ///
    /// - Parameter nextAttempt: when to try again; nil ends the delivery.
    public func note(
        _ attempt: WebhookAttempt, of delivery: WebhookDelivery, state: WebhookDelivery.State,
        nextAttempt: Timestamp?
    ) throws(StateError) {
        try database.write { database in
            try database.execute(
                sql: """
                    INSERT INTO attempt (delivery, number, date, status, error, milliseconds)
                    SELECT number, (SELECT COUNT(*) + 1 FROM attempt WHERE delivery = d.number),
                        ?, ?, ?, ? FROM delivery d WHERE id = ?
                    """,
                arguments: [
                    attempt.date.microseconds, attempt.status, attempt.error, attempt.milliseconds,
                    delivery.id,
                ])
            try database.execute(
                sql: "UPDATE delivery SET state = ?, next_attempt = ? WHERE id = ?",
                arguments: [state.rawValue, nextAttempt?.microseconds, delivery.id])
        }
    }

    /// Has a message sent again now, whatever became of it.
    ///
    /// - Returns: false when there is none of that id.
    public func sendAgain(
        _ delivery: String, of endpoint: String, now: Timestamp = .now
    ) throws(StateError) -> Bool {
        try database.write { database in
            try database.execute(
                sql: """
                    UPDATE delivery SET state = 'pending', next_attempt = ?
                    WHERE id = ? AND endpoint = ?
                    """, arguments: [now.microseconds, delivery, endpoint])
            return database.changesCount > 0
        }
    }

    /// The deliveries of an endpoint, newest first.
    ///
    /// - Parameter before: only those older than the one of this id.
    public func deliveries(
        of endpoint: String, before: String? = nil, limit: Int
    ) throws(StateError) -> [WebhookDelivery] {
        try database.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM delivery WHERE endpoint = ? AND number < COALESCE(
                        (SELECT number FROM delivery WHERE id = ?), 9223372036854775807)
                    ORDER BY number DESC LIMIT ?
                    """, arguments: [endpoint, before, limit]
            ).map { try WebhookDelivery($0, database) }
        }
    }

    /// One delivery; nil where there is none of that id.
    public func delivery(
        _ id: String, of endpoint: String
    ) throws(StateError) -> WebhookDelivery? {
        try database.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM delivery WHERE id = ? AND endpoint = ?",
                arguments: [id, endpoint]
            ).map { try WebhookDelivery($0, database) }
        }
    }

    /// How many messages wait, of all endpoints.
    public func pendingCount() throws(StateError) -> Int {
        try database.read { database in
            try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM delivery WHERE next_attempt IS NOT NULL") ?? 0
        }
    }
}

extension WebhookDelivery {
    fileprivate init(_ row: Row, _ database: Database) throws {
        let attempts = try Row.fetchAll(
            database, sql: "SELECT * FROM attempt WHERE delivery = ? ORDER BY number",
            arguments: [row["number"] as Int64])
        self.init(
            id: row["id"], endpoint: row["endpoint"], type: row["type"],
            created: Timestamp(microseconds: row["created"]),
            payload: Array(row["payload"] as Data),
            state: State(rawValue: row["state"]) ?? .failed,
            nextAttempt: (row["next_attempt"] as Int64?).map { Timestamp(microseconds: $0) },
            attempts: attempts.map { row in
                WebhookAttempt(
                    date: Timestamp(microseconds: row["date"]), status: row["status"],
                    error: row["error"], milliseconds: row["milliseconds"])
            })
    }
}
