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
        case .invalid, .secretMessage: .unprocessableContent
        case .branchSwitched, .readOnly, .busy, .storage: .serviceUnavailable
        case .storageFull: .insufficientStorage
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
