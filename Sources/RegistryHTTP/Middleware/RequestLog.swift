import HTTPTypes
import Hummingbird
import Logging

/// Names each request, and leaves one log line and its count and time in the metrics.
///
/// A client's `X-Request-Id` is kept when it is 1 to 128 letters, digits or `-_.:`; the answer
/// repeats it. Neither query nor body is logged: both may hold secrets.
struct RequestLog: AppMiddleware {
    func handle(
        _ request: Request, context: AppRequestContext,
        next: (Request, AppRequestContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        var context = context
        context.requestID = Self.requestID(of: request)
        context.logger[metadataKey: "request.id"] = "\(context.requestID)"
        defer { context.state.bodies.release(context.record.takeBodyBytes()) }

        var response = try await next(request, context)
        response.headers[.requestID] = context.requestID
        let duration = ContinuousClock.now - start
        note(request, response, duration, context)
        return response
    }

    private func note(
        _ request: Request, _ response: Response, _ duration: Duration, _ context: AppRequestContext
    ) {
        let dialect = context.record.dialect
        context.state.metrics.count(
            method: request.method, dialect: dialect, status: response.status.code,
            seconds: duration / .seconds(1))
        context.logger.info(
            "Answered a request.",
            metadata: [
                "method": "\(request.method)",
                "path": "\(RawPath.pathText(of: request.head.path ?? "/"))",
                "status": "\(response.status.code)",
                "dialect": "\(dialect)",
                "duration_ms": "\(Self.milliseconds(duration))",
            ])
    }

    private static func requestID(of request: Request) -> String {
        if let given = request.headers[.requestID], isSane(given) { return given }
        return String(UInt64.random(in: .min ... .max), radix: 16)
            + String(UInt64.random(in: .min ... .max), radix: 16)
    }

    private static func isSane(_ id: String) -> Bool {
        (1...128).contains(id.utf8.count)
            && id.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "-_.:".utf8.contains(byte)
                }
            }
    }

    /// With two decimals.
    private static func milliseconds(_ duration: Duration) -> Double {
        (duration / .milliseconds(1) * 100).rounded() / 100
    }
}

extension HTTPField.Name {
    static let requestID = knownName("X-Request-Id")
}

/// A field name that is written in this program and so is one.
func knownName(_ name: StaticString) -> HTTPField.Name {
    guard let name = HTTPField.Name("\(name)") else {
        preconditionFailure("\(name) is no field name")
    }
    return name
}
