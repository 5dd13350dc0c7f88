public import HTTPTypes
import JSON
public import Registry

/// Everything that stops writes answers 503 until a person does something; only
/// ``RegistryError/busy(reason:)`` goes away by itself and says `Retry-After`.
extension RegistryError: AnswerableError {
    public var status: HTTPResponse.Status {
        switch self {
        case .unknown, .unknownProposal, .unknownRevision, .noVersion: .notFound
        case .exists, .uncommittedEdit, .noEdit, .editChanged, .unrelated, .nothingToPropose,
            .proposalState, .unmergeable, .cannotUndo, .purged:
            .conflict
        case .stale, .undoChanged: .preconditionFailed
        case .referenced: .conflict
        case .patch(_, let error):
            switch error.kind {
            case .missing, .testFailed: .conflict
            case .malformed, .tooLarge: .unprocessableContent
            }
        case .denied(let denial): denial.takesLogin ? .unauthorized : .forbidden
        case .proposalOnly: .conflict
        case .invalid, .secretMessage, .messageRequired: .unprocessableContent
        case .branchSwitched, .readOnly, .busy, .storage: .serviceUnavailable
        case .storageFull: .insufficientStorage
        }
    }

    public var fields: HTTPFields {
        switch self {
        case .busy: [.retryAfter: "1"]
        case .denied(let denial) where denial.takesLogin: AuthenticationError.loginRequired.fields
        default: [:]
        }
    }
}

extension RegistryError {
    /// Whether the request is short of a reason.
    var wantsMessage: Bool { if case .messageRequired = self { true } else { false } }
}

extension HTTPResponse.Status {
    /// 507 (RFC 4918, section 11.5).
    static let insufficientStorage = HTTPResponse.Status(
        code: 507, reasonPhrase: "Insufficient Storage")
}
