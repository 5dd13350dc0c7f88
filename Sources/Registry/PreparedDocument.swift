internal import Crypto

/// A document that was read and found valid, with the bytes of its file and their blob id.
public struct PreparedDocument: Sendable {
    public let key: DocumentKey
    /// The bytes of the file.
    public let bytes: [UInt8]
    /// What git calls these bytes.
    public let blob: Revision
    public let content: any Document

    /// Reads `bytes` as a document of the key's collection.
    ///
    /// - Parameter blob: what git calls the bytes, if that is known.
    public init(
        _ key: DocumentKey, bytes: [UInt8], blob: Revision? = nil
    ) throws(InvalidDocument) {
        guard let kind = DocumentKind.of(key.collection) else {
            throw InvalidDocument("\(key.collection) is no collection of this registry.")
        }
        self.key = key
        self.bytes = bytes
        content = try kind.read(bytes, key.id)
        self.blob = blob ?? Revision(blobOf: bytes)
    }

    /// Takes content that is known to be valid, and the bytes that it is written as.
    init(_ key: DocumentKey, content: any Document, bytes: [UInt8]) {
        self.key = key
        self.content = content
        self.bytes = bytes
        blob = Revision(blobOf: bytes)
    }
}

extension Revision {
    /// The id that git gives to a blob with these bytes (SHA-1 of `blob <size>\0` and the bytes).
    public init(blobOf bytes: [UInt8]) {
        var hash = Insecure.SHA1()
        hash.update(data: Array("blob \(bytes.count)\u{0}".utf8))
        hash.update(data: bytes)
        var words: (UInt64, UInt64, UInt32) = (0, 0, 0)
        for (place, byte) in hash.finalize().enumerated() {
            switch place {
            case 0..<8: words.0 = words.0 << 8 | UInt64(byte)
            case 8..<16: words.1 = words.1 << 8 | UInt64(byte)
            default: words.2 = words.2 << 8 | UInt32(byte)
            }
        }
        self.init(words: words)
    }
}
