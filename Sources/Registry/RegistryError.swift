public import JSON

/// Why the registry refused or could not do what it was asked.
public enum RegistryError: Error, Hashable, Sendable {
    case unknown(DocumentKey)
    case exists(DocumentKey)
    /// `current` is the blob that the document has now; nil when it is gone.
    case stale(DocumentKey, current: Revision?)
    case invalid(DocumentKey, InvalidDocument)
    /// A JSON patch does not fit the document.
    case patch(DocumentKey, JSONPatchError)
    /// The policy does not allow it to who asks.
    case denied(Denial)
    /// This changes only with a message that says why.
    case messageRequired(String)
    /// This changes only by a proposal.
    case proposalOnly(String)
    /// Other documents name it, and nothing takes these references out with it.
    case referenced(DocumentKey, by: [DocumentKey])
    /// A person has changed this file in the working tree and not committed it.
    case uncommittedEdit(path: String)
    /// The file has no uncommitted edit, or there is none at all where the path is empty.
    case noEdit(path: String)
    /// An edit is no longer the one that the person has seen.
    case editChanged(path: String)
    /// A commit whose history has nothing in common with the served branch's.
    case unrelated(commit: String, branch: String)
    /// The served branch has the commit already.
    case nothingToPropose(commit: String, branch: String)
    /// No branch, tag, commit, time or proposal that can be read.
    case unknownRevision(String)
    /// The text that a commit's message is to hold has a secret in it.
    case secretMessage
    /// There is no proposal of this number.
    case unknownProposal(Int)
    /// A proposal is not in a state for what was asked, `merged` or `closed`.
    case proposalState(Int, reason: String)
    /// Both sides changed the same places, or what they join to breaks rules; nothing has changed.
    case unmergeable(conflicts: [MergeConflict], problems: [Problem])
    /// A document had no version at that revision.
    case noVersion(DocumentKey, at: String)
    /// What was asked to be taken back cannot be; the reason says what to ask for.
    case cannotUndo(reason: String)
    /// What the preview of an undo showed has been changed since.
    case undoChanged
    /// A commit that was purged from the history, and must not come back.
    case purged(commit: String)
    /// HEAD is on another branch than the served one, so nothing can be written.
    case branchSwitched(head: String, served: String)
    /// The server was started read-only, or a failed flush made it so.
    case readOnly(reason: String)
    /// Too little space for another write.
    case storageFull(reason: String)
    /// Something outside holds a lock; trying again helps.
    case busy(reason: String)
    /// The repository failed; branch and files are as they were before the call.
    case storage(reason: String)
}

extension RegistryError {
    /// A sentence for the person who asked, which says what to do.
    public var explanation: String {
        switch self {
        case .unknown(let key): "There is no \(key)."
        case .exists(let key): "\(key) exists already."
        case .stale(let key, _): "\(key) has been changed by someone else."
        case .invalid(let key, let error): "\(key) would not be valid: \(error)"
        case .patch(let key, let error): "\(key) cannot be patched: \(error)"
        case .denied(let denial): denial.reason
        case .messageRequired(let place):
            "\(place) changes only with a reason, by policy.json: send it in X-Commit-Message (in the "
                + "field 'message' of Muster's own API and pages)."
        case .proposalOnly(let place):
            "\(place) changes only by proposals, by policy.json: git push origin HEAD:refs/for/<branch>, "
                + "or POST to /api/registry/v1/proposals."
        case .referenced(let key, let others):
            "\(key) is named by \(others.prefix(5).map(\.description).joined(separator: ", "))"
                + (others.count > 5 ? " and \(others.count - 5) more" : "")
                + "; change these first, or in the same request."
        case .uncommittedEdit(let path):
            "\(path) has an edit in the working tree that is not committed; "
                + "commit it or discard it (git restore) first."
        case .noEdit(let path):
            path.isEmpty
                ? "There is no uncommitted edit." : "\(path) has no edit that is not committed."
        case .editChanged(let path):
            "\(path) has been edited again since it was shown; look at it first."
        case .unrelated(let commit, let branch):
            "\(commit.prefix(10)) has no commit in common with \(branch); begin from a clone of "
                + "this registry."
        case .nothingToPropose(let commit, let branch):
            "\(branch) has \(commit.prefix(10)) already; there is nothing to propose."
        case .unknownRevision(let name):
            "There is no revision '\(name)'; name a branch, a tag, a commit, a time "
                + "(2026-01-31T12:00:00Z), HEAD or proposal:7."
        case .secretMessage: "The message cannot be taken: \(Secret.reason)"
        case .unknownProposal(let number): "There is no proposal \(number)."
        case .proposalState(let number, let reason): "Proposal \(number) \(reason)."
        case .unmergeable(let conflicts, let problems):
            (conflicts.map(\.description) + problems.map(\.description)).joined(separator: "; ")
        case .noVersion(let key, let name):
            "\(key) did not exist at \(name); its history says when it did."
        case .cannotUndo(let reason): "Nothing was taken back: \(reason)."
        case .purged(let commit):
            "\(commit.prefix(10)) was purged from the registry's history; begin from a new clone, and "
                + "give an upstream the new history (git push --force)."
        case .undoChanged:
            "What the preview showed has been changed since; look at the preview once more."
        case .branchSwitched(let head, let served):
            "The working tree is on branch \(head), and \(served) is served; "
                + "`git switch \(served)` in it lets the registry be written again."
        case .readOnly(let reason), .storageFull(let reason), .busy(let reason),
            .storage(let reason):
            reason
        }
    }
}
