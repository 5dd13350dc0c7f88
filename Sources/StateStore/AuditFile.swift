/// What commands have done that few may do: a file that only grows, a line each, the newest last.
public struct AuditFile: Sendable {
    public static let name = "audit.log"

    private let path: String

    public init(in directory: StateDirectory) { path = directory.file(Self.name) }

    /// Adds a line, durably. Several commands may do so at once, and the file may be moved away.
    ///
    /// - Parameter line: without its end, and with none in it.
    public func append(_ line: String) throws(StateError) {
        try PrivateFile.append(Array("\(line)\n".utf8), to: path)
    }
}
