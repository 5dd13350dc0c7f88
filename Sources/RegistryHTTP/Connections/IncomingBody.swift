import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// How far the body of the request being read has come.
struct IncomingBody {
    /// As announced; nil for a chunked body.
    var length: Int?
    private(set) var received = 0
    var secondsWaited = 0
    /// The client sends nothing before it sees `100 Continue` (or loses patience).
    private(set) var isContinueAwaited = false
    /// The client may pause in its body, for minutes.
    var isPatient = false
    private var secondsSilent = 0

    init() {}

    init(of request: HTTPRequest) {
        let fields = request.headerFields
        length = fields[.transferEncoding] == nil ? Int(fields[.contentLength] ?? "0") : nil
        isContinueAwaited = fields[.expect]?.lowercased() == "100-continue"
    }

    mutating func note(bytes: Int) {
        received += bytes
        secondsSilent = 0
        isContinueAwaited = false
    }

    /// Tells a client that waits for it that it may send the body, which is asked for now.
    mutating func begin(_ wanted: BodyWanted, _ context: ChannelHandlerContext) {
        isPatient = wanted.isPatient
        guard isContinueAwaited else { return }
        isContinueAwaited = false
        let response = HTTPResponsePart.head(HTTPResponse(status: .continue))
        context.writeAndFlush(NIOAny(response), promise: nil)
    }

    /// Counts one more second, unless the server did not read in it.
    ///
    /// - Returns: whether the body is slower than the limits allow.
    mutating func isTooSlow(isReadPending: Bool, _ limits: Limits) -> Bool {
        if isReadPending {
            secondsWaited += 1
            secondsSilent += 1
        }
        guard !isPatient else { return .seconds(secondsSilent) > limits.patience }
        let expected = secondsWaited * limits.minimumBodyBytesPerSecond
        return .seconds(secondsWaited) > limits.bodyGrace && received < expected
    }
}
