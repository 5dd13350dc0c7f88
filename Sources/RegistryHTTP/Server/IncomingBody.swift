import HTTPTypes

/// How far the body of the request being read has come.
struct IncomingBody {
    /// As announced; nil for a chunked body.
    var length: Int?
    var received = 0
    var secondsWaited = 0
    /// The client sends nothing before it sees `100 Continue` (or loses patience).
    var isContinueAwaited = false

    init() {}

    init(of request: HTTPRequest) {
        let fields = request.headerFields
        length = fields[.transferEncoding] == nil ? Int(fields[.contentLength] ?? "0") : nil
        isContinueAwaited = fields[.expect]?.lowercased() == "100-continue"
    }

    /// Counts one more second, unless the server did not read in it.
    ///
    /// - Returns: whether the body is slower than the limits allow.
    mutating func isTooSlow(isReadPending: Bool, _ limits: Limits) -> Bool {
        if isReadPending { secondsWaited += 1 }
        let expected = secondsWaited * limits.minimumBodyBytesPerSecond
        return .seconds(secondsWaited) > limits.bodyGrace && received < expected
    }
}
