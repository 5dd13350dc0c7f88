/// Two versions of a file joined by what it is: JSON by its values, other text by its lines.
public struct DocumentMerge: Sendable {
    /// What the file is to hold, with our side at each conflict; nil when it cannot be joined at
    /// all.
    public private(set) var bytes: [UInt8]?
    public private(set) var conflicts: [MergeConflict] = []

    /// What a person chooses at a conflict; nil leaves it one.
    public typealias Resolver = (MergeConflict) -> MergeConflict.Side?

    /// Joins two versions.
    ///
    /// - Parameters:
    ///   - base: what both began with; nil when each side added the file.
    ///   - path: from the top of the repository; says what kind of document it is. Empty when it
    ///     is not known: then what can be read as JSON is JSON.
    public static func merge(
        base: [UInt8]?, ours: [UInt8], theirs: [UInt8], path: String,
        resolve: @escaping Resolver = { _ in nil }
    ) -> DocumentMerge {
        let versions = FileVersions(base: base, ours: ours, theirs: theirs, path: path)
        var merge = DocumentMerge()
        if let settled = versions.settled {
            merge.bytes = settled
        } else if versions.isBinary {
            merge.decide(MergeConflict(path: path), versions, resolve)
        } else {
            let joined = versions.joined(resolve)
            merge.conflicts = joined.conflicts
            merge.bytes = joined.bytes
            if let reason = versions.invalidity(of: joined.bytes) {
                merge.bytes = nil
                let conflict = MergeConflict(
                    path: path, reason: "the joined document is not valid: \(reason)")
                merge.decide(conflict, versions, resolve)
            }
        }
        return merge
    }

    /// The joined text with git's conflict marks around what has to be decided.
    ///
    /// - Returns: nil for files that are no text.
    public static func marked(
        base: [UInt8]?, ours: [UInt8], theirs: [UInt8], path: String, marks: ConflictMarks
    ) -> [UInt8]? {
        let versions = FileVersions(base: base, ours: ours, theirs: theirs, path: path)
        if let settled = versions.settled { return settled }
        return versions.isBinary ? nil : versions.markedBytes(marks)
    }

    /// A conflict of the file as one thing.
    private mutating func decide(
        _ conflict: MergeConflict, _ versions: FileVersions, _ resolve: @escaping Resolver
    ) {
        switch resolve(conflict) {
        case .ours: bytes = versions.ours
        case .theirs: bytes = versions.theirs
        case nil: conflicts.append(conflict)
        }
    }
}
