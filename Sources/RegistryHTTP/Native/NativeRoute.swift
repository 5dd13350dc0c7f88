import HTTPTypes
import Hummingbird

/// One method of one path of the native API, and what answers it.
struct NativeRoute: Sendable {
    typealias Handler =
        @Sendable (NativeDialect) -> @Sendable (NativeCall) async throws -> Response

    let method: HTTPRequest.Method
    /// Below `/api/registry/v1/`; `<name>` stands for any one segment.
    let path: String
    let handler: Handler
    private let segments: [Substring]

    init(_ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler) {
        self.method = method
        self.path = path
        self.handler = handler
        segments = path.split(separator: "/")
    }

    func matches(_ path: some RandomAccessCollection<RawPath.Segment>) -> Bool {
        guard path.count == segments.count else { return false }
        return zip(path, segments).allSatisfy { segment, expected in
            expected.first == "<" ? !segment.raw.isEmpty : segment.text == String(expected)
        }
    }

    /// What stands for each `<name>`, decoded.
    func values(in path: some RandomAccessCollection<RawPath.Segment>) -> [String: String] {
        var values: [String: String] = [:]
        for (segment, expected) in zip(path, segments) where expected.first == "<" {
            values[String(expected.dropFirst().dropLast())] = segment.text
        }
        return values
    }
}
