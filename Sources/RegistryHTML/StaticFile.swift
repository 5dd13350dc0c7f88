/// A file that pages refer to, held in the program.
public struct StaticFile: Sendable {
    /// The name in its address, which changes with its content: `site.1a2b3c4d5e6f7081.css`.
    public let name: String
    /// The value of `Content-Type`.
    public let contentType: String
    public let bytes: [UInt8]
    /// A hash of the bytes, 16 hex digits, fit for a strong entity tag.
    public let hash: String

    /// Every file, to be served at `<base>/static/<name>` and kept by clients for good.
    public static let all: [StaticFile] = []
}
