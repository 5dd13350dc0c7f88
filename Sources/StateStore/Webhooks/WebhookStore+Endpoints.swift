import GRDB
public import Registry

extension WebhookStore {
    /// Adds an endpoint.
    ///
    /// - Parameters:
    ///   - secret: what its messages are signed with, as ``WebhookSecret`` has it.
    ///   - position: it is told of what comes after this commit.
    public func add(
        url: String, description: String, collections: [String], secret: WebhookSecret,
        position: Revision?
    ) throws(StateError) -> WebhookEndpoint {
        let endpoint = WebhookEndpoint(
            id: "wh_" + lowercaseHex(randomBytes(8)), url: url, description: description,
            collections: collections, created: .now, position: position)
        try database.write { database in
            try database.execute(
                sql: """
                    INSERT INTO endpoint (id, url, description, collections, created, position, secret)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    endpoint.id, url, description, collections.joined(separator: " "),
                    endpoint.created.microseconds, position?.description, secret.text,
                ])
        }
        return endpoint
    }

    /// All endpoints, oldest first.
    public func endpoints() throws(StateError) -> [WebhookEndpoint] {
        try database.read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM endpoint ORDER BY created, id")
                .map(WebhookEndpoint.init)
        }
    }

    /// The endpoint of this id; nil where there is none.
    public func endpoint(_ id: String) throws(StateError) -> WebhookEndpoint? {
        try database.read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM endpoint WHERE id = ?", arguments: [id])
                .map(WebhookEndpoint.init)
        }
    }

    /// Stores what may change of an endpoint: all but its id, its position and its secret.
    public func update(_ endpoint: WebhookEndpoint) throws(StateError) {
        try database.write { database in
            try database.execute(
                sql: """
                    UPDATE endpoint SET url = ?, description = ?, collections = ?, disabled = ?
                    WHERE id = ?
                    """,
                arguments: [
                    endpoint.url, endpoint.description,
                    endpoint.collections.joined(separator: " "), endpoint.disabledReason,
                    endpoint.id,
                ])
        }
    }

    /// Removes an endpoint and the log of its deliveries.
    ///
    /// - Returns: false when there is none of that id.
    @discardableResult
    public func remove(_ id: String) throws(StateError) -> Bool {
        try database.write { database in
            try database.execute(sql: "DELETE FROM endpoint WHERE id = ?", arguments: [id])
            return database.changesCount > 0
        }
    }

    /// Gives an endpoint another secret; the old one signs too for a day.
    public func replaceSecret(
        of id: String, by secret: WebhookSecret, now: Timestamp = .now
    ) throws(StateError) {
        let day: Int64 = 86_400_000_000
        try database.write { database in
            try database.execute(
                sql: """
                    UPDATE endpoint SET old_secret = secret, old_until = ?, secret = ? WHERE id = ?
                    """,
                arguments: [now.microseconds &+ day, secret.text, id])
        }
    }

    /// What an endpoint's messages are signed with now, the newest first.
    public func secrets(
        of id: String, now: Timestamp = .now
    ) throws(StateError) -> [WebhookSecret] {
        try database.read { database in
            guard
                let row = try Row.fetchOne(
                    database,
                    sql: "SELECT secret, old_secret, old_until FROM endpoint WHERE id = ?",
                    arguments: [id])
            else { return [] }
            let texts: [String?] = [
                row["secret"], (row["old_until"] ?? 0) > now.microseconds ? row["old_secret"] : nil,
            ]
            return texts.compactMap { $0.flatMap(WebhookSecret.init) }
        }
    }
}

extension WebhookEndpoint {
    init(_ row: Row) {
        self.init(
            id: row["id"], url: row["url"], description: row["description"],
            collections: (row["collections"] as String).split(separator: " ").map(String.init),
            disabledReason: row["disabled"], created: Timestamp(microseconds: row["created"]),
            position: (row["position"] as String?).flatMap { Revision(hex: $0) })
    }
}
