/// What a token allows at most, whatever the roles of its account are.
public struct AccessScope: Hashable, Sendable {
    /// What its holder may do at all.
    public var rights: Set<AccessRight>
    /// The collections that it is for, by name (`devices`, `craton/regions`); nil for all.
    public var collections: Set<String>?
    /// The one device that it is for: its document, and no other.
    public var device: DocumentID?

    public init(
        rights: Set<AccessRight> = Set(AccessRight.allCases), collections: Set<String>? = nil,
        device: DocumentID? = nil
    ) {
        self.rights = rights
        self.collections = collections
        self.device = device
    }

    /// The rights in the order in which they are declared.
    public var orderedRights: [AccessRight] { AccessRight.allCases.filter(rights.contains) }

    /// Takes nothing away.
    public static let everything = AccessScope()
}

/// What can be allowed.
public enum AccessRight: String, Hashable, CaseIterable, Sendable {
    case read
    /// Changing documents, directly or by a proposal.
    case write
    /// Approving and merging proposals.
    case approve
    /// Policy, settings, accounts, webhooks, kept tips: what changes the rules or who is told.
    case administer
}
