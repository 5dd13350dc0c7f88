internal import FoundationEssentials
internal import GRDB
internal import Git
internal import Registry

extension HistoryLookups {
    /// As in the schema: removed, or renamed away.
    private static let isRemoval = "c.kind IN (2, 5)"

    /// Fills a page with removals of the line, newest first.
    ///
    /// - Returns: whether there are no more.
    func look(_ page: inout RemovalPage, upTo top: Int64) throws -> Bool {
        var first = top
        if !page.isBegun, let start = page.start {
            guard let found = try find(start.commit), found.line != nil else {
                throw RegistryError.unknownRevision("\(start)")
            }
            first = min(top, found.seq)
            page.isBegun = true
        }
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT c.seq, m.id, c.place, p.folder, p.name
                FROM changes c INDEXED BY change_removals
                CROSS JOIN commits m ON m.seq = c.seq CROSS JOIN places p ON p.id = c.place
                WHERE \(Self.isRemoval) AND c.seq <= ? AND m.line IS NOT NULL AND p.folder <> ''
                ORDER BY c.seq DESC, p.folder, p.name
                """, arguments: [first])
        var (last, count): (Int64, Int) = (0, 0)
        while let row = try rows.next() {
            let seq: Int64 = row[0]
            count = seq == last ? count + 1 : 1
            last = seq
            guard let id = ObjectID(row[1] as Data),
                let key = HistoryPlace(folder: row[3], name: row[4]).key
            else { continue }
            let isLeft = try page.look(at: Removal(key: key, commit: id), count: count) {
                try newestRemoval(at: row[2], upTo: top) == seq
            }
            guard isLeft else { return false }
        }
        return true
    }

    /// The newest commit of the line that removed what has a place.
    func removal(of place: HistoryPlace, upTo top: Int64) throws -> ObjectID? {
        let id = try Int64.fetchOne(
            database, sql: "SELECT id FROM places WHERE folder = ? AND name = ?",
            arguments: [place.folder, place.name])
        let seq = try id.flatMap { try newestRemoval(at: $0, upTo: top) }
        return try seq.flatMap { try self.id(of: $0) }
    }

    private func newestRemoval(at place: Int64, upTo top: Int64) throws -> Int64? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT c.seq FROM changes c CROSS JOIN commits m ON m.seq = c.seq
                WHERE c.place = ? AND c.seq <= ? AND \(Self.isRemoval) AND m.line IS NOT NULL
                ORDER BY c.seq DESC LIMIT 1
                """)
        return try Int64.fetchOne(statement, arguments: [place, top])
    }
}
