public import Registry

/// Whose history is asked for.
public enum HistorySubject: Hashable, Sendable {
    case everything
    /// Documents of one collection.
    case collection(Registry.Collection)
    /// One document, wherever its file was and whatever its uid was.
    case document(DocumentKey)
    /// A file that is no document, by its path from the top of the repository.
    case file(String)

    /// The document whose file has a path, or that file.
    public init(path: String) {
        if case .document(let key) = FileLayout.key(ofPath: path) {
            self = .document(key)
        } else {
            self = .file(path)
        }
    }

    /// What people name: a collection, `devices/robot-1`, the path of a document or of another file.
    public init(naming text: String) {
        let name = text.hasSuffix("/") ? String(text.dropLast()) : text
        for kind in DocumentKind.all {
            let folder = kind.collection.name
            if name == folder {
                self = .collection(kind.collection)
                return
            }
            guard name.utf8.starts(with: (folder + "/").utf8) else { continue }
            if case .document(let key) = FileLayout.key(ofPath: name) {
                self = .document(key)
                return
            }
            let rest = String(name.utf8.dropFirst(folder.utf8.count + 1)) ?? ""
            if let id = DocumentID(rest) {
                self = .document(DocumentKey(kind.collection, id))
                return
            }
        }
        self = .file(name)
    }

    /// The place that is followed; nil for more than one.
    var place: HistoryPlace? {
        switch self {
        case .everything, .collection: nil
        case .document(let key): HistoryPlace(key)
        case .file(let path): HistoryPlace(path: path)
        }
    }
}

/// What a history is about: a document by its key, another file by its path.
struct HistoryPlace: Hashable {
    /// A collection's name; empty for what is no document.
    let folder: String
    private let own: FilePath

    /// The uid, or the path.
    var name: String { own.text }

    init(folder: String, name: String) {
        self.folder = folder
        own = FilePath(name)
    }

    init(_ key: DocumentKey) { self.init(folder: key.collection.name, name: key.id.text) }

    init(path: String) {
        if case .document(let key) = FileLayout.key(ofPath: path) {
            self.init(key)
        } else {
            self.init(folder: "", name: path)
        }
    }

    /// The document; nil for other files.
    var key: DocumentKey? {
        guard let kind = DocumentKind.all.first(where: { $0.collection.name == folder }) else {
            return nil
        }
        return DocumentID(name).map { DocumentKey(kind.collection, $0) }
    }

    /// Where the file is when nothing else is known.
    var usualPath: String { key.map { FileLayout.path(for: $0, depth: 0) } ?? name }
}
