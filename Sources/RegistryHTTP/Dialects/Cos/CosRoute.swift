import HTTPTypes
import Hummingbird
import Registry

/// One path of the API and what answers each of its methods.
struct CosRoute: Sendable {
    typealias Handler =
        @Sendable (CosDialect) -> @Sendable (CosCall) async throws -> Response

    /// The path below `/api/v1/`, with `<uid>` where a uid stands and a slash at its end.
    let path: String
    /// What the path lists or whose member it names.
    let model: CosModel
    private let segments: [Substring]
    private let handlers: [(method: HTTPRequest.Method, handler: Handler)]

    init(
        _ path: String, of model: CosModel = .device, get: @escaping Handler,
        post: Handler? = nil, put: Handler? = nil, patch: Handler? = nil, delete: Handler? = nil
    ) {
        self.path = path
        self.model = model
        segments = path.dropLast().split(separator: "/")
        let offered: [(HTTPRequest.Method, Handler?)] = [
            (.get, get), (.post, post), (.put, put), (.patch, patch), (.delete, delete),
        ]
        handlers = offered.compactMap { method, handler in handler.map { (method, $0) } }
    }

    /// The methods that have a handler, `GET` first.
    var methods: [HTTPRequest.Method] { handlers.map(\.method) }

    /// The methods as `Allow` names them.
    var allow: String {
        (methods.map(\.rawValue) + ["HEAD", "OPTIONS"]).joined(separator: ", ")
    }

    /// Whether the path is that of a device's certificate.
    var isCertificate: Bool { segments.last == "certificate" }

    /// Whether the path names one document.
    var namesDocument: Bool { segments.contains("<uid>") }

    /// The path with another mark where a uid stands.
    func path(writingUIDAs mark: String) -> String {
        segments.map { $0 == "<uid>" ? mark : String($0) }.joined(separator: "/") + "/"
    }

    /// What answers `method`.
    func handler(for method: HTTPRequest.Method) -> Handler? {
        handlers.first { $0.method == method }?.handler
    }

    /// Whether these segments, without the one after a final slash, are this path.
    ///
    /// An empty segment (a doubled slash) is neither a name of the table nor a uid.
    func matches(_ path: some RandomAccessCollection<RawPath.Segment>) -> Bool {
        guard path.count == segments.count else { return false }
        return zip(path, segments).allSatisfy { segment, expected in
            expected == "<uid>"
                ? !segment.raw.isEmpty : segment.text.map { $0 == expected } ?? false
        }
    }

    /// The segment that stands for `<uid>`.
    func uid<Path: RandomAccessCollection<RawPath.Segment>>(in path: Path) -> RawPath.Segment? {
        zip(path, segments).first { $0.1 == "<uid>" }?.0
    }
}
