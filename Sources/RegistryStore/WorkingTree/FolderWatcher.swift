internal import Git
internal import Glibc
internal import Registry

/// Tells which files of the collections' folders were touched (inotify).
///
/// Asked, not called: the writer takes what has come since the last time. When the system loses
/// events, or cannot watch a folder, the writer is told to look at everything.
final class FolderWatcher {
    private let root: String
    /// Folders to watch, with all below them, relative to the root.
    private let collections: [String]
    private let descriptor: Int32
    private var folders: [Int32: String] = [:]

    /// What happened since the last look.
    struct Events {
        var paths: Set<FilePath> = []
        /// Some events were lost: look at every file.
        var isIncomplete = false
        /// Folders were made: what was removed from them before their watch began is not told.
        var hasNewFolders = false
    }

    /// Whether every folder is watched.
    private(set) var isComplete = true

    /// Begins to watch; nil where the system has no inotify to give.
    init?(root: String, collections: [String]) {
        descriptor = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
        guard descriptor >= 0 else { return nil }
        self.root = root
        self.collections = collections
        watchOne("")
        // A folder that holds collections tells when one of them begins.
        for folder in collections {
            if let slash = folder.lastSlash { watchOne(String(folder[..<slash])) }
        }
        for folder in collections { watch(folder) }
    }

    deinit { close(descriptor) }

    /// Watches a folder and all below it; a folder that does not exist is passed over.
    ///
    /// - Parameter found: is told the files that were there when the watch began.
    private func watch(_ folder: String, depth: Int = 0, found: (String) -> Void = { _ in }) {
        guard watchOne(folder) else { return }
        guard depth < 32 else { return isComplete = false }
        var folders: [String] = []
        FileSystem.forEachEntry(in: "\(root)/\(folder)") { name, isFolder in
            if isFolder { folders.append(name) } else { found("\(folder)/\(name)") }
        }
        for name in folders { watch("\(folder)/\(name)", depth: depth + 1, found: found) }
    }

    @discardableResult
    private func watchOne(_ folder: String) -> Bool {
        let mask: [Int32] = [
            IN_CLOSE_WRITE, IN_MOVED_TO, IN_MOVED_FROM, IN_CREATE, IN_DELETE, IN_ONLYDIR,
            IN_DONT_FOLLOW,
        ].map { Int32(truncatingIfNeeded: $0) }
        let watch = inotify_add_watch(
            descriptor, "\(root)/\(folder)", UInt32(bitPattern: mask.reduce(0, |)))
        guard watch >= 0 else {
            if errno != ENOENT, errno != ENOTDIR { isComplete = false }
            return false
        }
        folders[watch] = folder
        return true
    }

    /// Takes all events that have come so far.
    func takeEvents() -> Events {
        var events = Events()
        let size = 64 << 10
        withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { buffer in
            while true {
                let count = read(descriptor, buffer.baseAddress, size)
                guard count > 0 else { return }
                note(UnsafeRawBufferPointer(rebasing: buffer[..<count]), in: &events)
            }
        }
        return events
    }

    /// inotify(7): wd, mask, cookie and length of the name, 4 bytes each, then the name.
    private func note(_ buffer: UnsafeRawBufferPointer, in events: inout Events) {
        var place = 0
        while place + 16 <= buffer.count {
            let watch = buffer.loadUnaligned(fromByteOffset: place, as: Int32.self)
            let mask = buffer.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
            let length = Int(buffer.loadUnaligned(fromByteOffset: place + 12, as: UInt32.self))
            let end = min(place + 16 + length, buffer.count)
            let name = String(
                decoding: buffer[(place + 16)..<end].prefix { $0 != 0 }, as: UTF8.self)
            place = end
            if mask & UInt32(IN_Q_OVERFLOW) != 0 { events.isIncomplete = true }
            if mask & UInt32(IN_IGNORED) != 0 { folders[watch] = nil }
            guard let folder = folders[watch], !name.isEmpty else { continue }
            let path = folder.isEmpty ? name : "\(folder)/\(name)"
            if mask & UInt32(IN_ISDIR) != 0 {
                noteFolder(path, isNew: mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0, in: &events)
            } else {
                events.paths.insert(FilePath(path))
            }
        }
    }

    private func noteFolder(_ path: String, isNew: Bool, in events: inout Events) {
        let isOurs = collections.contains {
            $0 == path || path.hasPrefix($0 + "/") || $0.hasPrefix(path + "/")
        }
        guard isOurs else { return }
        guard isNew else {
            // Files that went away with their folder send no events of their own.
            events.isIncomplete = true
            return
        }
        events.hasNewFolders = true
        watch(path) { events.paths.insert(FilePath($0)) }
        if !isComplete { events.isIncomplete = true }
    }
}
