internal import GRDB
internal import Git

/// What the state directory and git's own folder hold beside the history.
struct PurgedState {
    private let texts: TextReplacement
    private let places: StorePlaces

    init(_ texts: TextReplacement, _ places: StorePlaces) {
        self.texts = texts
        self.places = places
    }

    /// Replaces the texts in databases and in kept edits, and looks into all other files.
    ///
    /// - Returns: what is left for a person.
    func settle() throws -> [String] {
        for folder in Set([places.state, places.service]) {
            for name in FileSystem.names(in: folder) ?? []
            where name.hasSuffix(".sqlite") && "\(folder)/\(name)" != places.history {
                try settle(database: "\(folder)/\(name)")
            }
        }
        for name in FileSystem.names(in: places.kept) ?? [] {
            let path = "\(places.kept)/\(name)"
            if let bytes = try FileSystem.read(path), let new = texts.replaced(bytes) {
                try FileSystem.replace(path, new, permissions: 0o600)
            }
        }
        return remains.map { "\($0) still holds it: remove it there" }
    }

    private func settle(database path: String) throws {
        let wal = try FileSystem.read(path + "-wal") ?? []
        guard let bytes = try FileSystem.read(path), texts.isIn(bytes) || texts.isIn(wal) else {
            return
        }
        let queue = try DatabaseQueue(path: path)
        try queue.write { database in
            for table in try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = 'table'")
            where !table.hasPrefix("sqlite_") {
                for column in try database.columns(in: table) {
                    try replace(in: column.name, of: table, database)
                }
            }
        }
        // The pages that held it are written anew.
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: "VACUUM")
            try database.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
        }
        try queue.close()
    }

    private func replace(
        in column: String, of table: String, _ database: Database
    ) throws {
        let (column, table) = (column.quotedDatabaseIdentifier, table.quotedDatabaseIdentifier)
        for (needle, replacement) in texts.texts {
            try database.execute(
                sql: """
                    UPDATE OR REPLACE \(table) SET \(column) = CASE typeof(\(column))
                      WHEN 'blob' THEN CAST(replace(CAST(\(column) AS TEXT), :old, :new) AS BLOB)
                      ELSE replace(\(column), :old, :new) END
                    WHERE typeof(\(column)) IN ('text', 'blob')
                      AND instr(CAST(\(column) AS TEXT), :old) > 0
                    """, arguments: ["old": needle, "new": replacement])
        }
    }

    /// Files of git's folder, the state directory and the working tree that hold a text as it is.
    private var remains: [String] {
        var found: [String] = []
        for (root, skipped) in [
            (places.commonDirectory, ["objects/"]), (places.state, []),
            (places.workingTree, [".git/"]),
        ] {
            for name in FileSystem.names(in: root) ?? [] {
                guard !skipped.contains("\(name)/") else { continue }
                let files =
                    FileFacts(at: "\(root)/\(name)")?.kind == .folder
                    ? FileSystem.files(below: name, of: root) : [name]
                for file in files where isIn("\(root)/\(file)") { found.append("\(root)/\(file)") }
            }
        }
        return Array(Set(found)).sorted()
    }

    private func isIn(_ path: String) -> Bool {
        guard FileFacts(at: path)?.kind == .file else { return false }
        return ((try? FileSystem.read(path)) ?? nil).map(texts.isIn) ?? false
    }
}
