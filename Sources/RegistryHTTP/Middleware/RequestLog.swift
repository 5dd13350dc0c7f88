import HTTPTypes
import Hummingbird
import Logging
import Registry
import Synchronization

/// Names each request, and leaves one log line and its count and time in the metrics.
///
/// A client's `X-Request-Id` is kept when it is 1 to 128 letters, digits or `-_.:`; the answer
/// repeats it. Neither query nor body is logged: both may hold secrets.
struct RequestLog {
    let requestID: String
    private let start = ContinuousClock.now
    private let method: HTTPRequest.Method
    private let target: String?

    init(of request: Request) {
        method = request.method
        target = request.head.path
        if let given = request.headers[.requestID], Self.isSane(given) {
            requestID = given
        } else {
            requestID = RequestIDs.next()
        }
    }

    /// Adds the id to the answer, and notes it.
    func note(_ response: inout Response, _ context: AppRequestContext) {
        response.headers.append(HTTPField(name: .requestID, value: requestID))
        let duration = ContinuousClock.now - start
        let dialect = context.record.dialect
        context.state.metrics.count(
            method: method, dialect: dialect, status: response.status.code,
            seconds: duration / .seconds(1))
        guard context.state.logger.logLevel <= .info else { return }
        context.logger.info(
            "Answered a request.",
            metadata: [
                "method": "\(method)",
                "path": "\(RawPath.pathText(of: target ?? "/"))",
                "status": "\(response.status.code)",
                "dialect": "\(dialect)",
                "duration_ms": "\(Self.milliseconds(duration))",
            ])
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

/// Names for requests: 32 hex digits, of which the first half is this process's.
private enum RequestIDs {
    private static let process = UInt64.random(in: .min ... .max)
    private static let count = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    static func next() -> String {
        let number = count.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        return lowercaseHex([process, number], digits: 32)
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
