import NIOCore
import NIOHTTP1

/// Looks at request heads before the change to HTTP types, which drops what this needs.
///
/// - A connection of HTTP/1.0 ends with the answer (RFC 9112, section 9.3): such a client waits for that.
/// - Two `Host` fields are 400, and so is none (section 3.2): of the two, a proxy may have looked at the
///   other.
/// - The host of a target that is a whole address counts in the place of `Host` (section 3.2.2).
final class RequestHeads: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = unwrapInboundIn(data) else {
            context.fireChannelRead(data)
            return
        }
        guard Self.hasOneHost(head), Self.settleTarget(&head) else {
            context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
            return
        }
        if head.version != .http1_1 {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    private static func hasOneHost(_ head: HTTPRequestHead) -> Bool {
        let hosts = head.headers["Host"].count
        return hosts == 1 || (hosts == 0 && head.version != .http1_1)
    }

    /// Splits `http://host:port/path` into its parts; false where that cannot be.
    private static func settleTarget(_ head: inout HTTPRequestHead) -> Bool {
        let target = head.uri.utf8
        guard target.first != UInt8(ascii: "/"), head.uri != "*" else { return true }
        // What is asked of proxies is not here: the path of nothing is found nowhere.
        guard head.method != .CONNECT else { return true }
        guard
            let prefix = ["http://", "https://"].first(where: {
                head.uri.prefix($0.count).lowercased() == $0
            })
        else { return false }
        let rest = target.dropFirst(prefix.utf8.count)
        let end = rest.firstIndex { $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "?") }
        let host = String(Substring(rest[..<(end ?? rest.endIndex)]))
        guard Authority(host) != nil else { return false }
        let path = String(Substring(rest[(end ?? rest.endIndex)...]))
        head.headers.replaceOrAdd(name: "Host", value: host)
        head.uri = path.utf8.first == UInt8(ascii: "/") ? path : "/" + path
        return true
    }
}
