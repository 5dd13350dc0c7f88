public import Registry

/// What the sender of a request must be allowed before anything of the registry is looked at for it.
public enum AccessNeed: Hashable, Sendable {
    /// Nothing: the answer is the same for everybody, or the route has a proof of its own.
    case nothing
    /// An account, with whatever rights: it is about that account.
    case account
    case right(AccessRight, AccessPlace)
    /// Changing or approving something; what exactly is judged when it is known.
    case work
    /// The login that the dialect has itself.
    case ownLogin(AccessRight)

    public static let readEverything = AccessNeed.right(.read, .everything)
    public static let administer = AccessNeed.right(.administer, .everything)

    static func read(_ collections: Registry.Collection...) -> AccessNeed {
        .right(.read, .collections(Set(collections)))
    }
}
