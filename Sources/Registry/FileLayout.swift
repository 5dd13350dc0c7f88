internal import Crypto

/// Where the documents are in the repository.
public struct FileLayout: Hashable, Sendable {
    /// How many nested folders new files of a collection go into; 0 where it names none.
    public let fanOut: [Collection: Int]

    public init(fanOut: [Collection: Int] = [:]) { self.fanOut = fanOut }

    /// Where a new file of this document goes.
    public func path(for key: DocumentKey) -> String {
        Self.path(for: key, depth: fanOut[key.collection] ?? 0)
    }

    /// Every fan-out that `registry.json` can name.
    public static let depths = 0...4

    /// Where a new file of this document goes with this fan-out.
    public static func path(for key: DocumentKey, depth: Int) -> String {
        var path = key.collection.name
        if depth > 0 {
            let hash = lowercaseHex(SHA256.hash(data: Array(key.id.text.utf8)).prefix(2))
            for digit in hash.prefix(depth) { path += "/\(digit)" }
        }
        for component in FileName.components(of: key.id) { path += "/" + component }
        return path + key.collection.suffix
    }

    /// What the registry sees in a path.
    public enum Place: Hashable, Sendable {
        case document(DocumentKey)
        /// A document's file by folder and suffix, with a name that no uid has.
        case misspelled(reason: String)
        /// Left to the people who use the repository.
        case notADocument
    }

    /// Reads a path, with any folders between a collection's and the file.
    public static func key(ofPath path: String) -> Place {
        guard let (collection, inside) = collection(ofPath: path) else { return .notADocument }
        let suffix = collection.suffix.utf8
        guard inside.count >= suffix.count, inside.suffix(suffix.count).elementsEqual(suffix) else {
            return .notADocument
        }
        let spelled = inside.dropLast(suffix.count)
        if !spelled.contains(percent) {
            // By far the most paths.
            let name =
                spelled.lastIndex(of: UInt8(ascii: "/"))
                .map { spelled[spelled.index(after: $0)...] } ?? spelled
            if FileName.isVerbatim(name), let id = DocumentID(String(Substring(name))) {
                return .document(DocumentKey(collection, id))
            }
        }
        let components = spelled.split(
            separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let folders = components.dropLast()
        let name =
            folders.reversed().prefix { $0.last == percent }.reversed() + components.suffix(1)
        guard !folders.dropLast(name.count - 1).contains(where: { $0.last == percent }) else {
            return .misspelled(
                reason: "A folder whose name ends in % holds only the rest of a long file name.")
        }
        guard let id = FileName.decode(name) else {
            return .misspelled(reason: "The file name is not the encoding of a uid.")
        }
        let expected = FileName.components(of: id)
        guard expected.elementsEqual(name, by: { $0.utf8.elementsEqual($1) }) else {
            let file = expected.joined(separator: "/") + collection.suffix
            return .misspelled(reason: "The file of this uid must be named \(file).")
        }
        return .document(DocumentKey(collection, id))
    }

    /// The folder that a path is in, without a final slash.
    static func folder(ofPath path: String) -> String {
        path.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(path[..<$0]) } ?? ""
    }

    private static let percent = UInt8(ascii: "%")

    private static func collection(ofPath path: String) -> (Collection, inside: Substring.UTF8View)?
    {
        for kind in DocumentKind.all {
            let name = kind.collection.name.utf8
            guard path.utf8.count > name.count + 1, path.utf8.starts(with: name) else { continue }
            let end = path.utf8.index(path.startIndex, offsetBy: name.count)
            guard path.utf8[end] == UInt8(ascii: "/") else { continue }
            return (kind.collection, path.utf8[path.utf8.index(after: end)...])
        }
        return nil
    }
}
