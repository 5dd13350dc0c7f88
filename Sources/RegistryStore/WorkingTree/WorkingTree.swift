internal import Git
internal import Glibc
internal import Registry

/// The checked-out files. A person works in them at the same time, so nothing is ever overwritten
/// unseen.
struct WorkingTree: Sendable {
    let places: StorePlaces
    /// What is replaced, for what will replace others.
    let spares: SpareFiles
    /// Where files are drafted. Two threads that share one wait for each other at each file.
    private let drafts: String
    /// The largest file that is read, in bytes: the largest body and some room.
    static let fileLimit = 64 << 20

    init(places: StorePlaces) {
        self.places = places
        drafts = places.temporary
        spares = SpareFiles(in: places.temporary, places.otherTemporary)
    }

    private init(_ other: WorkingTree, drafts: String) {
        places = other.places
        spares = other.spares
        self.drafts = drafts
    }

    /// The same for a second thread.
    var draftingElsewhere: WorkingTree { WorkingTree(self, drafts: places.otherTemporary) }

    /// What came of bringing one file up to date.
    enum Placement {
        /// The file is as wanted; `facts` are those of the new file, nil for a removed one.
        case done(FileFacts?)
        /// The file held something that nobody committed: it stays.
        case personsEdit
    }

    /// The bytes of a file; nil where there is none.
    func read(_ path: String) throws(FileError) -> [UInt8]? {
        try FileSystem.read(places.file(path), limit: Self.fileLimit)
    }

    /// The name that git would give to the file's content; nil where there is none.
    func blob(at path: String) throws(FileError) -> ObjectID? {
        guard let bytes = try read(path) else { return nil }
        return GitObject(.blob, bytes).id
    }

    /// What stands at a path.
    enum Finding: Sendable {
        /// A file with content of this name; nil: nothing.
        case content(ObjectID?)
        /// A folder or a link in the file's place, or a link or a file in that of a folder on the
        /// way: a person's doing.
        case other
    }

    /// Looks at one path.
    func finding(at path: String) -> Finding {
        guard hasOwnFolders(path) else { return .other }
        do throws(FileError) {
            return .content(try blob(at: path))
        } catch {
            return .other
        }
    }

    /// Looks at many paths; the answers are in their order.
    func findings(at paths: [String]) -> [Finding] {
        paths.mapInHalves(finding)
    }

    /// Brings one file to `new`, if it holds one of the contents that are known.
    ///
    /// - Parameters:
    ///   - new: the content; nil removes the file.
    ///   - known: tells whether content (nil: no file) was committed before, so that it may go.
    func place(
        _ new: [UInt8]?, isExecutable: Bool = false, at path: String,
        replacing known: ([UInt8]?) -> Bool
    ) throws(FileError) -> Placement {
        guard hasOwnFolders(path) else { return .personsEdit }
        guard let new else { return try remove(path, replacing: known) }
        let draft = drafts + "/" + Self.draftName()
        // A mode that a person set and did not commit stays as well.
        let isMarked = FileFacts(at: places.file(path)).map { $0.permissions & 0o100 != 0 } ?? false
        let permissions: UInt32 = isExecutable || isMarked ? 0o777 : 0o666
        let facts = try spares.create(draft, new, permissions: permissions)
        do throws(FileError) {
            return try exchange(draft, with: path, new: new, facts, replacing: known)
        } catch {
            // A person's file may be under this name now; the next start looks at what it is.
            if FileFacts(at: draft)?.isSameContent(as: facts) == true { unlink(draft) }
            throw error
        }
    }

    private func exchange(
        _ draft: String, with path: String, new: [UInt8], _ facts: FileFacts,
        replacing known: ([UInt8]?) -> Bool
    ) throws(FileError) -> Placement {
        let target = places.file(path)
        if FileFacts(at: target) == nil, known(nil) {
            do throws(FileError) {
                try moveNew(draft, to: target)
                return .done(facts)
            } catch  where error.isExisting {
                // Somebody was quicker; look at what they put there.
            }
        }
        do throws(FileError) {
            try FileSystem.exchange(draft, target)
        } catch  where error.isMissing {
            try spares.retire(draft)
            return .personsEdit
        }
        let old: [UInt8]?
        do throws(FileError) {
            old = try FileSystem.read(draft, limit: Self.fileLimit)
        } catch {
            // A folder, a link, something too large: nothing that we ever wrote.
            return try putBack(draft, to: target)
        }
        guard old == new || known(old) else { return try putBack(draft, to: target) }
        try spares.retire(draft)
        return .done(facts)
    }

    /// Gives a person's file its place again.
    private func putBack(_ draft: String, to target: String) throws(FileError) -> Placement {
        try FileSystem.exchange(draft, target)
        try spares.retire(draft)
        return .personsEdit
    }

    /// Renames a file, and makes the folders on the way, which others may be removing as empty.
    private func moveNew(_ draft: String, to target: String) throws(FileError) {
        guard let slash = target.lastSlash else {
            return try FileSystem.moveNew(draft, to: target)
        }
        var tries = 0
        while true {
            do throws(FileError) {
                return try FileSystem.moveNew(draft, to: target)
            } catch {
                tries += 1
                guard error.isMissing, tries < 8 else { throw error }
            }
            try FileSystem.makeFolder(String(target[..<slash]))
        }
    }

    private func remove(
        _ path: String, replacing known: ([UInt8]?) -> Bool
    ) throws(FileError) -> Placement {
        let target = places.file(path)
        guard let facts = FileFacts(at: target) else { return .done(nil) }
        guard facts.kind == .file else { return .personsEdit }
        let draft = drafts + "/" + Self.draftName()
        do throws(FileError) {
            try FileSystem.moveNew(target, to: draft)
        } catch  where error.isMissing {
            return .done(nil)
        }
        guard known(try FileSystem.read(draft, limit: Self.fileLimit)) else {
            try FileSystem.moveNew(draft, to: target)
            return .personsEdit
        }
        try spares.retire(draft)
        removeEmptyFolders(above: path)
        return .done(nil)
    }

    /// Renames a file to a path where nothing is.
    func rename(_ path: String, to target: String) throws(FileError) {
        if let slash = target.lastSlash {
            try FileSystem.makeFolder(places.file(String(target[..<slash])))
        }
        try FileSystem.moveNew(places.file(path), to: places.file(target))
    }

    /// Removes the folders that held these files and are empty now.
    func removeEmptyFolders(of paths: [String]) {
        var seen: Set<FilePath> = []
        for path in paths {
            let folder = path.lastSlash.map { FilePath(String(path[..<$0])) }
            if let folder, seen.insert(folder).inserted { removeEmptyFolders(above: path) }
        }
    }

    private func removeEmptyFolders(above path: String) {
        var folder = path[...]
        while let slash = folder.lastSlash {
            folder = folder[..<slash]
            guard rmdir(places.file(String(folder))) == 0 else { return }
        }
    }

    /// Whether no folder on the way to `path` is a link, which could lead out of the tree, or git's.
    func hasOwnFolders(_ path: String) -> Bool {
        // Neither a push nor an upstream brings such a path; this is where it would do harm.
        let isGits = path.utf8.split(separator: UInt8(ascii: "/")).contains {
            String(Substring($0)).lowercased() == ".git"
        }
        guard !isGits else { return false }
        var end = path.startIndex
        while let slash = path[end...].firstSlash {
            if let facts = FileFacts(at: places.file(String(path[..<slash]))) {
                guard facts.kind == .folder else { return false }
            }
            end = path.utf8.index(after: slash)
        }
        return true
    }

    private static func draftName() -> String {
        String(UInt64.random(in: .min ... .max), radix: 16)
    }
}
