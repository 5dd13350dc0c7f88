internal import Git

/// Trees that were read lately: most folders of a commit are those of the one before.
struct TreeCache {
    private var trees: [ObjectID: Tree] = [:]
    private var bytes = 0

    private let limit: Int

    /// - Parameter limit: of bytes that are kept.
    init(limit: Int = 24 << 20) { self.limit = limit }

    mutating func tree(
        _ id: ObjectID, in database: borrowing ObjectDatabase
    ) throws(GitError) -> Tree {
        if let known = trees[id] { return known }
        let read = try Tree(parsing: database.read(id, as: .tree))
        let size = read.bytes.count
        guard size <= limit else { return read }
        if bytes + size > limit {
            trees.removeAll(keepingCapacity: true)
            bytes = 0
        }
        trees[id] = read
        bytes += size
        return read
    }
}
