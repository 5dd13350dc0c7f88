import HTTPTypes
import Hummingbird
import Registry

/// One path of the API and what answers each of its methods.
struct CratonRoute: Sendable {
    typealias Handler =
        @Sendable (CratonDialect) -> @Sendable (CratonCall) async throws -> Response

    /// Below `/v1/`, with `<id>` where a number stands.
    let path: String
    /// What the path lists, or whose item it names; nil for the devices of both kinds.
    let kind: CratonKind?
    private let segments: [Substring]
    private let handlers: [(method: HTTPRequest.Method, handler: Handler)]

    init(
        _ path: String, of kind: CratonKind? = nil, get: @escaping Handler,
        post: Handler? = nil, put: Handler? = nil, delete: Handler? = nil
    ) {
        self.path = path
        self.kind = kind
        segments = path.split(separator: "/")
        let all: [(HTTPRequest.Method, Handler?)] = [
            (.get, get), (.post, post), (.put, put), (.delete, delete),
        ]
        handlers = all.compactMap { method, handler in handler.map { (method, $0) } }
    }

    /// The methods that have a handler.
    var methods: [HTTPRequest.Method] { handlers.map(\.method) }

    /// The methods as `Allow` names them.
    var allow: String {
        (["OPTIONS", "HEAD"] + handlers.map(\.method.rawValue)).joined(separator: ", ")
    }

    func handler(for method: HTTPRequest.Method) -> Handler? {
        handlers.first { $0.method == method }?.handler
    }

    /// Whether these segments are this path; an empty one is none.
    func matches(_ path: ArraySlice<RawPath.Segment>) -> Bool {
        guard path.count == segments.count else { return false }
        return zip(path, segments).allSatisfy { segment, expected in
            expected == "<id>" ? !segment.raw.isEmpty : segment.text.map { $0 == expected } ?? false
        }
    }

    /// What stands for `<id>`.
    func id(in path: ArraySlice<RawPath.Segment>) -> String? {
        zip(path, segments).first { $0.1 == "<id>" }?.0.text
    }
}
