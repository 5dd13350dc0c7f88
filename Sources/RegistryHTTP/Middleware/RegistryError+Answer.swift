public import HTTPTypes
public import Registry

/// Everything that stops writes answers 503 until a person does something; only
/// ``RegistryError/busy(reason:)`` goes away by itself and says `Retry-After`.
extension RegistryError: AnswerableError {
    public var status: HTTPResponse.Status {
        switch self {
        case .unknown: .notFound
        case .exists, .uncommittedEdit: .conflict
        case .stale: .preconditionFailed
        case .invalid: .unprocessableContent
        case .branchSwitched, .readOnly, .busy, .storage: .serviceUnavailable
        case .storageFull: .insufficientStorage
        }
    }

    public var explanation: String {
        switch self {
        case .unknown(let key): "There is no \(key)."
        case .exists(let key): "\(key) exists already."
        case .stale(let key, _): "\(key) has been changed by someone else."
        case .invalid(let key, let error): "\(key) would not be valid: \(error)"
        case .uncommittedEdit(let path):
            "\(path) has an edit in the working tree that is not committed; "
                + "commit it or discard it (git restore) first."
        case .branchSwitched(let head, let served):
            "The working tree is on branch \(head), and \(served) is served; "
                + "`git switch \(served)` in it lets the registry be written again."
        case .readOnly(let reason), .storageFull(let reason), .busy(let reason),
            .storage(let reason):
            reason
        }
    }

    public var fields: HTTPFields {
        if case .busy = self { [.retryAfter: "1"] } else { [:] }
    }
}

extension HTTPResponse.Status {
    /// 507 (RFC 4918, section 11.5).
    static let insufficientStorage = HTTPResponse.Status(
        code: 507, reasonPhrase: "Insufficient Storage")
}
