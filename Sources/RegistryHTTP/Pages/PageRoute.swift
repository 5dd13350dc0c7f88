import HTTPTypes
import Hummingbird
import Registry

/// One path that browsers open, or send a form to, and what answers.
struct PageRoute: Sendable {
    typealias Handler =
        @Sendable (PagesDialect) -> @Sendable (PageCall) async throws -> Response

    let method: HTTPRequest.Method
    /// From the first slash on; one segment may be `<uid>`, which stands for any.
    let path: String
    /// Whose documents the page shows.
    let collection: Collection
    let handler: Handler
    private let segments: [Substring]

    /// A page.
    init(_ path: String, of collection: Collection = .devices, _ handler: @escaping Handler) {
        self.init(.get, path, collection, handler)
    }

    /// What a form is sent to.
    init(post path: String, _ handler: @escaping Handler) {
        self.init(.post, path, .devices, handler)
    }

    private init(
        _ method: HTTPRequest.Method, _ path: String, _ collection: Collection,
        _ handler: @escaping Handler
    ) {
        self.method = method
        self.path = path
        self.collection = collection
        self.handler = handler
        segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
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
