public import Hummingbird
import NIOCore

/// Why a request's body was not taken.
public enum BodyError: Error, Hashable, Sendable {
    /// Longer than `limit` bytes: 413.
    case tooLarge(limit: Int)
    /// Slower than the server waits for: 408.
    case tooSlow
    /// Too many bodies at once: 503.
    case tooManyInFlight
    /// Cut off, or not framed as HTTP asks: 400.
    case incomplete
}

/// Asks the connection's guard for the body: the client may be waiting for `100 Continue`.
struct BodyWanted: Sendable {
    /// Whether the client may pause for as long as its peer may wait in silence.
    var isPatient = false
}

/// Reads the whole body within the server's limits.
///
/// Its bytes count against the server's budget until the request is answered.
/// - Parameter most: fewer bytes than the server's own limit.
/// - Throws: ``BodyError``; unhandled, it becomes the answer.
public func readBody(
    of request: Request, context: AppRequestContext, most: Int = .max
) async throws -> [UInt8] {
    let limit = min(context.configuration.limits.bodyBytes, most)
    let announced = request.headers[.contentLength].flatMap { Int($0) }
    guard (announced ?? 0) <= limit else {
        throw BodyError.tooLarge(limit: limit)
    }
    if request.headers[.expect] != nil {
        context.connection.channel.triggerUserOutboundEvent(BodyWanted(), promise: nil)
    }
    var bytes: [UInt8] = []
    // A promise of a long body is no reason to set that much memory aside.
    bytes.reserveCapacity(min(announced ?? 0, 1 << 20))
    do {
        for try await part in request.body {
            guard part.readableBytes <= limit - bytes.count else {
                throw BodyError.tooLarge(limit: limit)
            }
            guard context.state.bodies.reserve(part.readableBytes) else {
                throw BodyError.tooManyInFlight
            }
            context.record.addBodyBytes(part.readableBytes)
            bytes.append(contentsOf: part.readableBytesView)
        }
    } catch let error as BodyError {
        throw error
    } catch {
        throw BodyError.incomplete
    }
    // A client that goes away in the middle looks like the body's end here.
    guard announced.map({ $0 == bytes.count }) ?? true else { throw BodyError.incomplete }
    return bytes
}
