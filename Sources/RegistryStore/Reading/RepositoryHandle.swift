internal import Git

/// The handle of a reader that asks now and then: opened at the first question, and anew when it is
/// old.
struct KeptHandle {
    let path: String
    private var handle: RepositoryHandle?

    init(_ path: String) { self.path = path }

    mutating func opened() throws(GitError) -> RepositoryHandle {
        if let handle, !handle.isOld { return handle }
        let made = try RepositoryHandle(path)
        handle = made
        return made
    }
}

/// A repository opened for reading, for a while: libgit2 goes on looking into every pack that it has
/// once seen, and the server joins packs all the time.
// A handle is for one thread at a time, whoever has it.
final class RepositoryHandle: @unchecked Sendable {
    let repository: Repository
    let database: ObjectDatabase
    private let opened = Clock.monotonicSeconds

    private static let lifeSeconds = 60.0

    /// Whether it is better opened anew.
    var isOld: Bool { Clock.monotonicSeconds - opened > Self.lifeSeconds }

    /// - Parameter objects: a further folder of objects to read.
    init(_ path: String, with objects: String? = nil) throws(GitError) {
        let repository = try Repository(opening: path)
        database = try ObjectDatabase(of: repository)
        if let objects { try database.addAlternate(objects) }
        self.repository = repository
    }
}
