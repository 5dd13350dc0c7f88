internal import CGit2

/// What libgit2 said when a call failed.
public struct GitError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of failure that a caller acts on.
    public enum Code: Hashable, Sendable {
        case notFound, exists, locked, modified, invalid, ownership
        case other(Int32)
    }

    public let code: Code
    /// The libgit2 function that failed.
    public let function: String
    public let message: String

    package init(code: Code, function: String, message: String) {
        self.code = code
        self.function = function
        self.message = message
    }

    public var description: String { "\(message) (\(function))" }
}

extension GitError.Code {
    init(_ status: CInt) {
        self =
            switch git_error_code(status) {
            case GIT_ENOTFOUND: .notFound
            case GIT_EEXISTS: .exists
            case GIT_ELOCKED: .locked
            case GIT_EMODIFIED: .modified
            case GIT_EINVALID, GIT_EINVALIDSPEC: .invalid
            case GIT_EOWNER: .ownership
            default: .other(status)
            }
    }
}

/// Throws when `status` is negative.
///
/// libgit2 keeps the message per thread, so this reads it before anything can suspend.
func check(_ function: String, _ status: CInt) throws(GitError) {
    guard status < 0 else { return }
    let message = git_error_last().map { String(cString: $0.pointee.message) } ?? "no message"
    git_error_clear()
    throw GitError(code: .init(status), function: function, message: message)
}

/// The pointer that `make` fills in, which the caller has to free.
func owned(
    _ function: String, _ make: (inout OpaquePointer?) -> CInt
) throws(GitError) -> OpaquePointer {
    var raw: OpaquePointer?
    try check(function, make(&raw))
    guard let raw else {
        throw GitError(code: .other(0), function: function, message: "no object was returned")
    }
    return raw
}

/// Starts libgit2 once in the life of the process; it is never shut down.
enum Library {
    private static let started: CInt = git_libgit2_init()

    static func start() throws(GitError) { try check("git_libgit2_init", started) }
}
