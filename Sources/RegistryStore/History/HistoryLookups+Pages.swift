internal import FoundationEssentials
internal import GRDB
internal import Git
internal import Registry

extension HistoryLookups {
    /// The newest commits of a range that a search asks for, newest first.
    func steps(
        _ search: HistorySearch, in range: ClosedRange<Int64>, limit: Int
    ) throws -> [HistorySearch.Step] {
        let authors = try search.query.author.map { try people(named: $0) }
        if let authors, authors.isEmpty { return [] }
        switch search.query.subject {
        case .everything:
            return try commits(in: range, by: authors, limit: limit)
                .map { HistorySearch.Step(id: $0.id) }
        case .collection(let collection):
            let found = try seqs(of: collection.name, in: range, by: authors, limit: limit)
            return try found.compactMap { seq in
                guard let id = try id(of: seq) else { return nil }
                let changes = try changes(of: seq, in: collection.name)
                return HistorySearch.Step(id: id, changes: changes)
            }
        case .document, .file:
            return try changes(of: search, in: range, by: authors, limit: limit)
        }
    }

    // MARK: Authors

    /// Above this many, authors are told from each other while looking at commits.
    private static let authorLimit = 50
    /// An author of fewer commits is looked for by these.
    private static let fewCommits = 5_000

    /// Those whose name or address is this, else those that have it in them.
    private func people(named text: String) throws -> Set<Int64> {
        let exact = try Int64.fetchSet(
            database, sql: "SELECT id FROM people WHERE name = :text", arguments: ["text": text]
        ).union(
            Int64.fetchSet(
                database, sql: "SELECT id FROM people WHERE email = :text",
                arguments: ["text": text]))
        if !exact.isEmpty { return exact }
        let pattern = text.replacing("\\", with: "\\\\").replacing("%", with: "\\%")
            .replacing("_", with: "\\_")
        return try Int64.fetchSet(
            database,
            sql: """
                SELECT id FROM people
                WHERE name LIKE :text ESCAPE '\\' OR email LIKE :text ESCAPE '\\'
                """, arguments: ["text": "%\(pattern)%"])
    }

    private func isFew(_ authors: Set<Int64>) throws -> Bool {
        guard authors.count <= Self.authorLimit else { return false }
        var rest = Self.fewCommits
        for author in authors where rest > 0 {
            rest -=
                try Int.fetchOne(
                    database,
                    sql: "SELECT COUNT(*) FROM (SELECT 1 FROM commits WHERE author = ? LIMIT ?)",
                    arguments: [author, rest]) ?? 0
        }
        return rest > 0
    }

    // MARK: Commits

    private func commits(
        in range: ClosedRange<Int64>, by authors: Set<Int64>?, limit: Int
    ) throws -> [(seq: Int64, id: ObjectID)] {
        let bounds: [any DatabaseValueConvertible] = [range.lowerBound, range.upperBound]
        guard let authors else {
            return try pairs(
                "SELECT seq, id FROM commits WHERE seq BETWEEN ? AND ? ORDER BY seq DESC LIMIT ?",
                bounds + [limit])
        }
        guard authors.count <= Self.authorLimit else {
            return try scan(range, limit: limit, authors)
        }
        var found: [(seq: Int64, id: ObjectID)] = []
        for author in authors {
            found += try pairs(
                """
                SELECT seq, id FROM commits WHERE author = ? AND seq BETWEEN ? AND ?
                ORDER BY seq DESC LIMIT ?
                """, [author] + bounds + [limit])
        }
        return Array(found.sorted { $0.seq > $1.seq }.prefix(limit))
    }

    private func pairs(
        _ sql: String, _ arguments: [any DatabaseValueConvertible]
    ) throws -> [(seq: Int64, id: ObjectID)] {
        try Row.fetchAll(database, sql: sql, arguments: StatementArguments(arguments))
            .compactMap { row in ObjectID(row[1] as Data).map { (row[0], $0) } }
    }

    private func scan(
        _ range: ClosedRange<Int64>, limit: Int, _ authors: Set<Int64>
    ) throws -> [(seq: Int64, id: ObjectID)] {
        var found: [(seq: Int64, id: ObjectID)] = []
        let rows = try Row.fetchCursor(
            database,
            sql: "SELECT seq, id, author FROM commits WHERE seq BETWEEN ? AND ? ORDER BY seq DESC",
            arguments: [range.lowerBound, range.upperBound])
        while found.count < limit, let row = try rows.next() {
            guard authors.contains(row[2]), let id = ObjectID(row[1] as Data) else { continue }
            found.append((row[0], id))
        }
        return found
    }

    // MARK: Collections

    private func seqs(
        of folder: String, in range: ClosedRange<Int64>, by authors: Set<Int64>?, limit: Int
    ) throws -> [Int64] {
        guard let authors else {
            return try Int64.fetchAll(
                database,
                sql: """
                    SELECT seq FROM collections WHERE folder = ? AND seq BETWEEN ? AND ?
                    ORDER BY seq DESC LIMIT ?
                    """, arguments: [folder, range.lowerBound, range.upperBound, limit])
        }
        if try isFew(authors) {
            let all = try commits(in: range, by: authors, limit: Self.fewCommits)
            return Array(try all.lazy.map(\.seq).filter { try has(folder, $0) }.prefix(limit))
        }
        return try filtered(
            "SELECT seq FROM collections WHERE folder = ? AND seq BETWEEN ? AND ? ORDER BY seq DESC",
            [folder, range.lowerBound, range.upperBound], by: authors, limit: limit)
    }

    private func has(_ folder: String, _ seq: Int64) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT 1 FROM collections WHERE folder = ? AND seq = ?")
        return try Int.fetchOne(statement, arguments: [folder, seq]) != nil
    }

    private func filtered(
        _ sql: String, _ arguments: StatementArguments, by authors: Set<Int64>, limit: Int
    ) throws -> [Int64] {
        var found: [Int64] = []
        let rows = try Int64.fetchCursor(database, sql: sql, arguments: arguments)
        let find = try database.cachedStatement(sql: "SELECT author FROM commits WHERE seq = ?")
        while found.count < limit, let seq = try rows.next() {
            if let author = try Int64.fetchOne(find, arguments: [seq]), authors.contains(author) {
                found.append(seq)
            }
        }
        return found
    }

    // MARK: Documents

    /// The newest changes of a document by all the names that it had.
    private func changes(
        of search: HistorySearch, in range: ClosedRange<Int64>, by authors: Set<Int64>?,
        limit: Int
    ) throws -> [HistorySearch.Step] {
        var found: [(seq: Int64, place: Int64)] = []
        for segment in try segments(of: search.places, upTo: search.top)
        where segment.last >= range.lowerBound {
            let sql = """
                SELECT seq FROM changes WHERE place = ? AND seq BETWEEN ? AND ? AND listed = 1
                ORDER BY seq DESC
                """
            let arguments: StatementArguments = [
                segment.place, range.lowerBound, min(segment.last, range.upperBound),
            ]
            let seqs =
                if let authors {
                    try filtered(sql, arguments, by: authors, limit: limit)
                } else {
                    try Int64.fetchAll(
                        database, sql: sql + " LIMIT ?", arguments: arguments + [limit])
                }
            found += seqs.map { ($0, segment.place) }
        }
        var steps: [HistorySearch.Step] = []
        var last: Int64?
        for (seq, place) in found.sorted(by: { $0.seq > $1.seq }) where seq != last {
            guard steps.count < limit else { break }
            last = seq
            guard let id = try id(of: seq) else { continue }
            steps.append(.init(id: id, changes: try changes(of: seq, at: place)))
        }
        return steps
    }

    /// What a document was called, each name up to when.
    private struct Segment {
        let place: Int64
        let last: Int64
    }

    /// So many names are followed.
    private static let segmentLimit = 200

    private func segments(
        of places: Set<HistoryPlace>, upTo last: Int64
    ) throws -> [Segment] {
        var segments: [Segment] = []
        var waiting: [Segment] = []
        for place in places {
            let id = try Int64.fetchOne(
                database, sql: "SELECT id FROM places WHERE folder = ? AND name = ?",
                arguments: [place.folder, place.name])
            if let id { waiting.append(Segment(place: id, last: last)) }
        }
        var reached: [Int64: Int64] = [:]
        while let segment = waiting.popLast(), segments.count < Self.segmentLimit {
            guard segment.last > reached[segment.place] ?? 0 else { continue }
            reached[segment.place] = segment.last
            segments.removeAll { $0.place == segment.place }
            segments.append(segment)
            let rows = try Row.fetchAll(
                database, sql: "SELECT other, seq FROM renames WHERE place = ? AND seq <= ?",
                arguments: [segment.place, segment.last])
            waiting += rows.map { Segment(place: $0[0], last: ($0[1] as Int64) - 1) }
        }
        return segments
    }
}
