internal import GRDB
internal import Registry
internal import Synchronization

extension AccountStore {
    /// Takes in what commands of other processes write, within a quarter of a second, and writes each
    /// minute when tokens and sessions were used last; until cancelled.
    ///
    /// - Parameter report: takes one sentence for the log.
    public func run(report: @Sendable (_ problem: String) -> Void) async {
        var version = -1
        var rounds = 0
        while (try? await Task.sleep(for: .milliseconds(250))) != nil {
            rounds += 1
            do {
                let newest = try await database.version()
                if newest != version { try await reload() }
                version = newest
                if rounds.isMultiple(of: 240) { try await writeUses() }
            } catch is CancellationError {
                break
            } catch {
                // What is in memory goes on; the next round tries again.
                if rounds.isMultiple(of: 240) {
                    report("Accounts cannot be read or written: \(error)")
                }
            }
        }
        do { try flush() } catch { report("Uses of tokens are not written: \(error)") }
    }

    /// Writes when tokens and sessions were used last, and removes sessions that have ended.
    func flush(now: Timestamp = .now) throws(StateError) {
        let uses = takeUses()
        try database.write { try uses.write(to: $0, now) }
    }

    private func writeUses() async throws {
        let uses = takeUses()
        try await database.writeInBackground { try uses.write(to: $0, .now) }
        table.withLock { table in
            let now = Timestamp.now
            table.removeSessions { $0.ends <= now }
        }
    }

    private func reload() async throws {
        try await database.readInBackground { [self] database in
            var newest = try AccountTable(database)
            // Nobody writes between the reading and this: both hold the one connection.
            table.withLock { table in
                newest.keepUses(of: table)
                table = newest
            }
        }
    }

    private func takeUses() -> AccountUses {
        table.withLock { table in
            defer {
                table.usedTokens = []
                table.usedSessions = []
            }
            return AccountUses(
                tokens: table.usedTokens.compactMap { table.tokens[$0] },
                sessions: table.usedSessions.compactMap { table.sessions[$0] })
        }
    }
}

/// Last uses on their way to the file.
private struct AccountUses: Sendable {
    let tokens: [AccessToken]
    let sessions: [AccessSession]

    func write(to database: Database, _ now: Timestamp) throws {
        for token in tokens {
            try database.execute(
                sql: "UPDATE token SET last_use = ?, last_address = ? WHERE id = ?",
                arguments: [token.lastUse?.microseconds, token.lastAddress, token.id])
        }
        for session in sessions {
            try database.execute(
                sql: "UPDATE session SET last_use = ? WHERE id = ?",
                arguments: [session.lastUse.microseconds, session.id])
        }
        try database.execute(
            sql: "DELETE FROM session WHERE last_use <= ? OR created <= ?",
            arguments: [
                now.microseconds - AccessSession.idleMicroseconds,
                now.microseconds - AccessSession.longestMicroseconds,
            ])
    }
}
