public import Hummingbird
import HTTPTypes
import NIOCore
import Synchronization

/// What reads are measured against: below `/reference/` each path answers what the path behind it
/// answered when it was first asked, the same status, fields and bytes, and does nothing for it.
///
/// `make bench` asks for it with the hidden `muster serve --reference`.
public struct ReferenceDialect: Dialect {
    public let name = "reference"
    public let prefixes = ["/reference/"]
    private let dialects: DialectResponder
    private let answers = Answers()

    public init(to dialects: [any Dialect]) { self.dialects = DialectResponder(dialects) }

    public func respond(
        to request: Request, path: RawPath, context: AppRequestContext
    ) async throws -> Response? {
        let target = request.head.path ?? ""
        if let known = answers[target] { return known }
        let measured = request.with { $0.path = String(target.dropFirst("/reference".count)) }
        var response = try await dialects.respond(
            to: measured, path: RawPath(target: measured.head.path ?? "/"), context: context)
        context.record.dialect = name
        _ = try await response.collectBody()
        answers[target] = response
        return response
    }

    private final class Answers: Sendable {
        private let byTarget = Mutex<[String: Response]>([:])

        subscript(target: String) -> Response? {
            get { byTarget.withLock { $0[target] } }
            set { byTarget.withLock { $0[target] = newValue } }
        }
    }
}
