/// Why the registry refused or could not do what it was asked.
public enum RegistryError: Error, Hashable, Sendable {
    case unknown(DocumentKey)
    case exists(DocumentKey)
    /// `current` is the blob that the document has now; nil when it is gone.
    case stale(DocumentKey, current: Revision?)
    case invalid(DocumentKey, InvalidDocument)
    /// A person has changed this file in the working tree and not committed it.
    case uncommittedEdit(path: String)
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
