internal import Git
internal import Glibc
internal import JSON
internal import Registry

/// Puts a purged history in the place of the old one. Whatever kills it, it goes on where it was
/// at the next start.
struct PurgeSwitch {
    private let places: PurgePlaces
    private var store: StorePlaces { places.store }

    /// - Returns: nil where no purge is decided; what an undecided one has left is removed.
    init?(_ store: StorePlaces) throws(FileError) {
        places = PurgePlaces(store: store)
        guard !places.isDecided else { return }
        if FileFacts(at: places.folder) != nil { try places.clear() }
        return nil
    }

    /// - Returns: files of the working tree that a person has changed meanwhile, which stay.
    @discardableResult
    func finish() throws -> [String] { try finish(steps: .max) }

    /// How many steps there are.
    static let stepCount = 7

    /// - Parameter count: how many steps are done, for those who try what happens then.
    func finish(steps count: Int) throws -> [String] {
        let bytes = try FileSystem.read(places.plan) ?? []
        guard let json = try? JSONValue(parsing: bytes, options: .document),
            let plan = PurgePlan(json: json)
        else { throw PurgeError("\(places.plan) cannot be read; a purge is not finished") }
        var left: [String] = []
        let steps: [() throws -> Void] = [
            { try bringPacks(plan.packs) }, bringReferences, removeTraces,
            { left = try bringFiles(plan.files) }, { try bringIndex(plan.tree) },
            { try removeOldObjects(but: Set(plan.packs)) },
            {
                removeDerived()
                try bringGeneration(plan.generation)
            },
        ]
        for step in steps.prefix(count) { try step() }
        guard count >= steps.count else { return left }
        try FileSystem.flush(fileSystemOf: store.service)
        // What is left without a plan is cleared at the next start.
        try FileSystem.remove(places.plan)
        try places.clear()
        return left
    }

    private func bringPacks(_ packs: [String]) throws {
        for pack in packs {
            for suffix in ["pack", "rev", "bitmap", "idx"] {
                let from = "\(places.newPacks)/\(pack).\(suffix)"
                let target = "\(places.mainPacks)/\(pack).\(suffix)"
                guard FileFacts(at: from) != nil, FileFacts(at: target) == nil else { continue }
                guard link(from, target) == 0 else { throw FileError("link \(target)") }
            }
        }
        try FileSystem.flush(folder: places.mainPacks)
    }

    /// All references in one file, and then none beside it but those that name another one.
    private func bringReferences() throws {
        guard let packed = try FileSystem.read("\(places.repository)/packed-refs") else {
            throw PurgeError("the references of the new history are gone")
        }
        try FileSystem.replace("\(store.commonDirectory)/packed-refs", packed)
        FileSystem.forEachFile(below: "refs", of: store.commonDirectory) { path in
            let file = "\(store.commonDirectory)/\(path)"
            let bytes = (try? FileSystem.read(file, limit: 4096)) ?? nil
            if bytes?.starts(with: "ref:".utf8) != true { unlink(file) }
        }
    }

    /// Logs of references and what git notes for its next command.
    private func removeTraces() {
        for folder in Set([store.gitDirectory, store.commonDirectory]) {
            for name in FileSystem.names(in: folder) ?? [] {
                let isTrace =
                    name.hasSuffix("_HEAD") || name.hasSuffix("_MSG")
                    || ["logs", "rr-cache", "COMMIT_EDITMSG", "AUTO_MERGE"].contains(name)
                if isTrace { try? FileSystem.removeTree("\(folder)/\(name)") }
            }
        }
    }

    private func bringFiles(_ files: [PurgePlan.File]) throws -> [String] {
        var left: [String] = []
        for file in files {
            let path = store.file(file.path)
            let found = try FileSystem.read(path).map { GitObject(.blob, $0).id }
            if found == file.new { continue }
            guard found == file.old || found == nil else {
                left.append(file.path)
                continue
            }
            guard let new = file.new else {
                try FileSystem.remove(path)
                continue
            }
            let bytes = try FileSystem.read("\(places.files)/\(new)") ?? []
            if let slash = path.lastSlash { try FileSystem.makeFolder(String(path[..<slash])) }
            try FileSystem.replace(path, bytes, permissions: file.isExecutable ? 0o777 : 0o666)
        }
        return left
    }

    private func bringIndex(_ tree: ObjectID) throws {
        let repository = try Repository(opening: store.workingTree)
        unlink(store.index)
        let index = try GitIndex(opening: store.index)
        try index.read(tree, of: repository)
        try index.write()
    }

    private func removeOldObjects(but packs: Set<String>) throws {
        for name in FileSystem.names(in: places.mainPacks) ?? [] {
            let stem = String(name.prefix { $0 != "." })
            if !packs.contains(stem) || name.hasSuffix(".keep") {
                try FileSystem.removeTree("\(places.mainPacks)/\(name)")
            }
        }
        let objects = store.commonDirectory + "/objects"
        for name in FileSystem.names(in: objects) ?? [] where name.utf8.count == 2 {
            try FileSystem.removeTree("\(objects)/\(name)")
        }
        for name in ["commit-graph", "commit-graphs", "packs"] {
            try FileSystem.removeTree("\(objects)/info/\(name)")
        }
        try FileSystem.removeTree(store.commonDirectory + "/info/refs")
    }

    /// What the server makes anew, and its journal, which holds objects.
    private func removeDerived() {
        let files = [
            store.journal, store.checkpoint, store.snapshot, store.temporary, store.otherTemporary,
        ]
        let histories = ["", "-wal", "-shm"].map { store.history + $0 }
        for path in files + histories { try? FileSystem.removeTree(path) }
    }

    private func bringGeneration(_ generation: String) throws {
        if FileFacts(at: places.renewals) != nil {
            try FileSystem.move(places.renewals, to: Renewals.path(store))
        }
        try FileSystem.replace(
            Generation.path(store), Array("\(generation)\n".utf8), permissions: 0o600)
    }
}
