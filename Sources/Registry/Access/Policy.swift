public import JSON

/// What `policy.json` says: who may do what.
///
/// The state directory knows who somebody is and which roles they have; what a role may do is
/// reviewed like data. ``Judgement`` applies it.
public struct Policy: Hashable, Sendable {
    /// The file's path.
    public static let path = "policy.json"

    /// What each role may do, by its name. ``Caller/adminRole`` is not among them: it may do
    /// everything, whatever is written here.
    public var roles: [String: RoleRights]
    /// What those may do who say nothing of themselves, by the way that they come; nothing
    /// elsewhere.
    public var anonymous: [AccessDoor: AnonymousRights] = [:]
    /// What changes only with a message that says why.
    public var requireMessage: Set<PolicyPlace> = []
    /// What changes only by proposals, whoever changes it.
    public var proposalOnly: Set<PolicyPlace> = []
    /// Whether people may approve and merge what they have proposed themselves.
    public var allowsSelfApproval = false
    /// Free for the people who keep the registry.
    public var annotations = JSONObject()

    public init(roles: [String: RoleRights]) { self.roles = roles }

    /// What holds in a registry without `policy.json`.
    public static let standard = Policy(roles: [
        "editor": RoleRights(read: [.everything], write: [.everything], approve: [.everything]),
        "reader": RoleRights(read: [.everything]),
    ])

    /// The path of the file that says whose signatures count.
    public static let signersPath = "allowed_signers"

    /// The files that only change by those who may administer: they decide about all others.
    public static let guardedPaths = [path, RegistrySettings.path, signersPath]
}

/// What the holders of one role may do.
public struct RoleRights: Hashable, Sendable {
    /// What the role is for, for the people who read the file.
    public var description: String?
    public var read: Set<PolicyPlace>
    public var write: Set<PolicyPlace>
    public var approve: Set<PolicyPlace>
    /// Whether they may do everything.
    public var administer: Bool

    public init(
        read: Set<PolicyPlace> = [], write: Set<PolicyPlace> = [],
        approve: Set<PolicyPlace> = [], administer: Bool = false
    ) {
        self.read = read
        self.write = write
        self.approve = approve
        self.administer = administer
    }

    /// The places in which one of them has a right; who may change or approve documents also reads
    /// them.
    func places(of right: AccessRight) -> Set<PolicyPlace> {
        switch right {
        case _ where administer: [.everything]
        case .read: read.union(write).union(approve)
        case .write: write
        case .approve: approve
        case .administer: []
        }
    }
}

/// Documents that a rule of the policy is about.
public enum PolicyPlace: Hashable, Sendable {
    /// `*`: every document, and the files beside them.
    case everything
    /// `variables/*`, `craton/*`: every collection whose name begins so.
    case below(String)
    /// `devices`: the collection, and the variables of what is in it.
    case collection(Collection)
    /// One of ``Policy/guardedPaths``.
    case file(String)

    /// Nil where `text` is none.
    public init?(_ text: String) {
        if text == "*" {
            self = .everything
        } else if let collection = Collection.allCases.first(where: { $0.name == text }) {
            self = .collection(collection)
        } else if Policy.guardedPaths.contains(text) {
            self = .file(text)
        } else if text.hasSuffix("/*"),
            Collection.allCases.contains(where: { $0.name.hasPrefix(text.dropLast()) })
        {
            self = .below(String(text.dropLast()))
        } else {
            return nil
        }
    }

    public var text: String {
        switch self {
        case .everything: "*"
        case .below(let prefix): "\(prefix)*"
        case .collection(let collection): collection.name
        case .file(let path): path
        }
    }

    func covers(_ collection: Collection) -> Bool {
        switch self {
        case .everything: true
        case .below(let prefix): collection.name.hasPrefix(prefix)
        case .collection(let own): own == collection || own.variables == collection
        case .file: false
        }
    }
}
