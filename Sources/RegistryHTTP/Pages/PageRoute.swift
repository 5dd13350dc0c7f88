import HTTPTypes
import Hummingbird
import Registry

/// One path that browsers open, or send a form to, and what answers.
struct PageRoute: Sendable {
    typealias Page = @Sendable (PagesDialect) -> @Sendable (PageCall) async throws -> Response
    typealias Form =
        @Sendable (PagesDialect) -> @Sendable (PageCall, PageForm) async throws -> Response

    /// What answers.
    enum Handler: Sendable {
        case page(Page)
        /// Is given the form that was sent, once it is known to be one of this server's.
        case form(Form)
    }

    /// From the first slash on; one segment may be `<uid>`, which stands for any.
    let path: String
    /// Whose documents the page shows.
    let collection: Collection
    let handler: Handler
    /// Whether it changes the registry, so that a read-only server refuses it.
    let isWrite: Bool
    private let segments: [Substring]

    /// A page.
    init(_ path: String, of collection: Collection = .devices, _ page: @escaping Page) {
        self.init(path, collection, .page(page))
    }

    /// What a form is sent to.
    init(post path: String, isWrite: Bool = true, _ form: @escaping Form) {
        self.init(path, .devices, .form(form), isWrite: isWrite)
    }

    private init(
        _ path: String, _ collection: Collection, _ handler: Handler, isWrite: Bool = false
    ) {
        self.path = path
        self.collection = collection
        self.handler = handler
        self.isWrite = isWrite
        segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    }

    var method: HTTPRequest.Method {
        if case .form = handler { .post } else { .get }
    }

    /// Whether `path` leads here, slash for slash.
    func matches(_ path: RawPath) -> Bool {
        guard path.segments.count == segments.count else { return false }
        return zip(path.segments, segments).allSatisfy { segment, expected in
            expected == "<uid>"
                ? !segment.raw.isEmpty : segment.text.map { $0 == expected } ?? false
        }
    }

    /// Whether `path` would lead here with a slash at its end.
    func lacksFinalSlash(_ path: RawPath) -> Bool {
        segments.last == "" && segments.count > 1
            && path.segments.map(\.text) == segments.dropLast().map { String($0) }
    }

    /// What stands for `<uid>` in `path`, as sent and decoded.
    func uid(in path: RawPath) -> RawPath.Segment? {
        zip(path.segments, segments).first { $0.1 == "<uid>" }?.0
    }
}
