internal import JSON

/// Three versions of one file.
struct FileVersions {
    let base: [UInt8]?
    let ours: [UInt8]
    let theirs: [UInt8]
    let path: String

    /// The outcome where no more than one side changed anything.
    var settled: [UInt8]? {
        if ours == theirs || base == theirs { return ours }
        return base == ours ? theirs : nil
    }

    /// Whether a version is no text, which has no lines to join.
    var isBinary: Bool { [base ?? [], ours, theirs].contains { $0.contains(0) } }

    func joined(_ resolve: @escaping DocumentMerge.Resolver) -> (
        bytes: [UInt8], conflicts: [MergeConflict]
    ) {
        if let values {
            let merge = merged(values, resolve)
            return (written(merge.result, values), merge.conflicts.map(conflict))
        }
        let lines = lineMerge
        if lines.isClean { return (lines.bytes(taking: .ours), []) }
        let conflict = MergeConflict(path: path, reason: "both sides changed the same lines")
        guard let side = resolve(conflict) else { return (lines.bytes(taking: .ours), [conflict]) }
        return (lines.bytes(taking: side), [])
    }

    func markedBytes(_ marks: ConflictMarks) -> [UInt8] {
        guard let values else { return lineMerge.markedBytes(marks) }
        // What differs by whose side is taken at conflicts is what they are about.
        let left = written(merged(values) { _ in .ours }.result, values)
        let right = written(merged(values) { _ in .theirs }.result, values)
        return LineMerge(ours: left, theirs: right).markedBytes(marks)
    }

    /// Why bytes are no document of the path's kind; nil when they are, or need not be.
    func invalidity(of bytes: [UInt8]) -> String? {
        guard case .document(let key) = FileLayout.key(ofPath: path) else { return nil }
        do throws(InvalidDocument) {
            _ = try PreparedDocument(key, bytes: bytes)
            return nil
        } catch {
            return error.description
        }
    }

    private var lineMerge: LineMerge { LineMerge(base: base ?? [], ours: ours, theirs: theirs) }

    // MARK: JSON

    private struct Values {
        let base: JSONValue?
        let ours: JSONValue
        let theirs: JSONValue
    }

    /// The versions as JSON; nil when the file is something else.
    private var values: Values? {
        guard path.isEmpty || path.utf8.suffix(5).elementsEqual(".json".utf8),
            let ours = try? JSONValue(parsing: ours, options: .document),
            let theirs = try? JSONValue(parsing: theirs, options: .document)
        else { return nil }
        let base = base.flatMap { try? JSONValue(parsing: $0, options: .document) }
        return Values(base: base, ours: ours, theirs: theirs)
    }

    private func merged(_ values: Values, _ resolve: @escaping DocumentMerge.Resolver) -> JSONMerge
    {
        let policy = MergePolicy(path: path)
        var merge = mergeJSON(
            base: values.base, ours: values.ours, theirs: values.theirs,
            policy: JSONMergePolicy(lists: policy.identity) { found in
                if let choice = policy.choice(found) { return choice }
                return resolve(conflict(found)).map { $0 == .ours ? .ours : .theirs }
            })
        merge.result = policy.ordered(merge.result, like: [values.ours, values.theirs])
        return merge
    }

    private func conflict(_ conflict: JSONMergeConflict) -> MergeConflict {
        let reason =
            if conflict.ours == nil || conflict.theirs == nil {
                "removed on one side, changed on the other"
            } else if conflict.base == nil {
                "both sides added it, differently"
            } else {
                "both sides changed it"
            }
        return MergeConflict(
            path: path, pointer: conflict.pointer, base: conflict.base, ours: conflict.ours,
            theirs: conflict.theirs, reason: reason)
    }

    /// The bytes for a joined value: those of a version that says the same, else in the form in
    /// which the registry writes, unless a merge of the lines says the same in its authors' form.
    private func written(_ result: JSONValue, _ values: Values) -> [UInt8] {
        if result == values.ours { return ours }
        if result == values.theirs { return theirs }
        let canonical = result.canonicalBytes()
        let isCanonical =
            ours == values.ours.canonicalBytes() && theirs == values.theirs.canonicalBytes()
        guard !isCanonical else { return canonical }
        let lines = lineMerge
        let joined = lines.bytes(taking: .ours)
        let says = lines.isClean ? try? JSONValue(parsing: joined, options: .document) : nil
        return says == result ? joined : canonical
    }
}
