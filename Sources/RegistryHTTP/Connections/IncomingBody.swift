import HTTPTypes

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

    /// - Returns: whether the client is to be told, now, that it may send the body.
    mutating func takeContinue() -> Bool {
        defer { isContinueAwaited = false }
        return isContinueAwaited
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
