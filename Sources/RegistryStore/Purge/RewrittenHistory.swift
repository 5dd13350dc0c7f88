internal import Git
internal import Registry

/// A whole history without what is to be purged, with what that means for the served branch.
struct RewrittenHistory: Sendable {
    /// Every reference that leads to an object of its own.
    var references: [(name: String, old: ObjectID, new: ObjectID)] = []
    var renewed: [ObjectID: ObjectID] = [:]
    /// The tree of the served branch.
    var tree = ObjectID.zero
    var files: [PurgePlan.File] = []
    /// The new content of those files.
    var contents: [ObjectID: [UInt8]] = [:]
    /// What would be wrong with the served registry, and is not now.
    var problems: [Problem] = []
    var report = PurgeReport()

    /// - Parameter store: takes each new object.
    init(
        _ rules: PurgeRules, of places: StorePlaces, store: @escaping (GitObject) throws -> Void
    ) throws {
        let repository = try Repository(opening: places.workingTree)
        let database = try ObjectDatabase(of: repository)
        var rewriter = HistoryRewriter(rules, store: store)
        var targets = try Self.targets(repository, places)
        let isNotes = { (name: String) in name.hasPrefix("refs/notes/") }
        var tags: [ObjectID] = []
        let tips = try targets.filter { !isNotes($0.name) }
            .compactMap { try Self.commit(of: $0.id, &tags, database) }
        for id in try repository.commits(reaching: tips) {
            try rewriter.rewrite(commit: id, in: database)
        }
        // The inner ones first.
        for id in tags.reversed() { try rewriter.rewrite(tag: id, in: database) }
        let notes = targets.filter { isNotes($0.name) }.map(\.id)
        for id in try repository.commits(reaching: notes) {
            try rewriter.rewrite(notes: id, in: database)
        }
        targets.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        for (name, old) in targets {
            let new = try Self.target(old, &rewriter, database)
            references.append((rules.texts.replaced(name) ?? name, old, new))
            if new != old { report.references.append(name) }
        }
        renewed = rewriter.renewed
        try describeServed(repository, database, &rewriter)
        report.commits = rewriter.commitCount
        report.changedCommits = renewed.count - Set(tags).intersection(renewed.keys).count
        report.changedBlobs = rewriter.changedBlobs
        report.removedEntries = rewriter.removedEntries
        report.paths = files.map(\.path)
        if rewriter.unsignedCommits > 0 {
            report.notes.append(
                "signatures of \(rewriter.unsignedCommits) commits do not fit any longer and go; "
                    + "the next commit that the server signs covers them")
        }
    }

    /// What each reference leads to, but for those that name another one.
    private static func targets(
        _ repository: borrowing Repository, _ places: StorePlaces
    ) throws -> [(name: String, id: ObjectID)] {
        var targets: [(name: String, id: ObjectID)] = []
        for name in try repository.references(matching: "refs/*") {
            let file = (try? FileSystem.read("\(places.commonDirectory)/\(name)")) ?? nil
            if file?.starts(with: "ref:".utf8) == true { continue }
            if let id = try repository.target(of: name) { targets.append((name, id)) }
        }
        return targets
    }

    /// The commit that an object is or leads to; nil for trees and blobs.
    private static func commit(
        of id: ObjectID, _ tags: inout [ObjectID], _ database: borrowing ObjectDatabase
    ) throws -> ObjectID? {
        switch try database.header(of: id).kind {
        case .commit: return id
        case .tag:
            if !tags.contains(id) { tags.append(id) }
            let text = String(decoding: try database.read(id, as: .tag), as: UTF8.self)
            guard let line = text.split(separator: "\n").first, line.hasPrefix("object "),
                let target = ObjectID(hex: line.dropFirst(7))
            else { return nil }
            return try commit(of: target, &tags, database)
        case .tree, .blob: return nil
        }
    }

    private static func target(
        _ old: ObjectID, _ rewriter: inout HistoryRewriter, _ database: borrowing ObjectDatabase
    ) throws -> ObjectID {
        switch try database.header(of: old).kind {
        case .commit, .tag: rewriter.id(of: old)
        case .tree: try rewriter.tree(old, in: database) ?? old
        case .blob: try rewriter.blob(old, in: database)
        }
    }

    /// What changes in the served branch's files, and what would be wrong then.
    private mutating func describeServed(
        _ repository: borrowing Repository, _ database: borrowing ObjectDatabase,
        _ rewriter: inout HistoryRewriter
    ) throws {
        guard let tip = try repository.target(of: "HEAD") else { return }
        let old = try database.commit(tip).tree
        tree = try rewriter.tree(old, in: database) ?? old
        let before = try SnapshotLoader.snapshot(
            of: tip, in: repository, database, fallback: RegistrySettings())
        var after = before
        let rules = rewriter.rules
        for case let (path, file?) in try TreeDifference(from: nil, to: old, in: database).changes
            .map({ ($0.path, $0.new) })
        {
            let isExecutable = file.mode == .executable
            guard !rules.removes(path) else {
                files.append(.init(path: path, old: file.id, new: nil, isExecutable: false))
                after.remove(path: path)
                continue
            }
            let name = rules.texts.replaced(path) ?? path
            let new = try rewriter.blob(file.id, in: database)
            guard new != file.id || name != path else { continue }
            let bytes = try database.read(file.id, as: .blob)
            let content = rules.texts.replaced(bytes) ?? bytes
            contents[new] = content
            if name != path {
                // Without its settings it would be no registry.
                if path == RegistrySettings.path { after.put(path: path, bytes: []) }
                files.append(.init(path: path, old: file.id, new: nil, isExecutable: false))
                after.remove(path: path)
            }
            files.append(.init(path: name, old: file.id, new: new, isExecutable: isExecutable))
            after.put(path: name, bytes: content, blob: Revision(new))
        }
        problems = after.newErrors(since: before)
    }
}
