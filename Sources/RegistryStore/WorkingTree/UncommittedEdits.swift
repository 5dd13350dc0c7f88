internal import Registry

/// What persons have changed in the working tree and not committed, by path.
struct UncommittedEdits {
    enum Edit {
        case changed(PreparedDocument)
        case removed
        /// Not served: the last good version stays.
        case invalid(InvalidDocument)
    }

    private var edits: [FilePath: Edit] = [:]

    var isEmpty: Bool { edits.isEmpty }
    var paths: [String] { edits.keys.sorted().map(\.text) }

    subscript(path: String) -> Edit? {
        get { edits[FilePath(path)] }
        set { edits[FilePath(path)] = newValue }
    }

    mutating func removeAll() { edits = [:] }

    /// The registry with every valid edit.
    func applied(to snapshot: Snapshot) -> Snapshot {
        var served = snapshot
        for (path, edit) in edits {
            switch edit {
            case .changed(let document): served.put(path: path.text, document, isCommitted: false)
            case .removed: served.remove(path: path.text)
            case .invalid: continue
            }
            served.uncommittedPaths.append(path.text)
        }
        return served
    }

    var list: [UncommittedEdit] {
        paths.compactMap { path in
            switch edits[FilePath(path)] {
            case .changed:
                UncommittedEdit(path: path, isServed: true, isRemoval: false, problem: nil)
            case .removed:
                UncommittedEdit(path: path, isServed: true, isRemoval: true, problem: nil)
            case .invalid(let problem):
                UncommittedEdit(path: path, isServed: false, isRemoval: false, problem: problem)
            case nil: nil
            }
        }
    }
}
