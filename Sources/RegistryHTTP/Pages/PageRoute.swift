import HTTPTypes
import Hummingbird
import Registry

/// One path that browsers open and what makes its page.
struct PageRoute: Sendable {
    typealias Handler =
        @Sendable (PagesDialect) -> @Sendable (PageCall) async throws -> Response

    /// From the first slash on; the last segment may be `<uid>`, which no slash follows.
    let path: String
    /// Whose documents the page shows.
    let collection: Collection
    let handler: Handler
    private let segments: [Substring]

    init(_ path: String, of collection: Collection = .devices, _ handler: @escaping Handler) {
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
        segments.last == "<uid>" ? path.segments.last : nil
    }
}
