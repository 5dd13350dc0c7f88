/// Applies the policy to one caller. It knows no more than it is given, and asks for nothing.
public struct Judgement: Sendable {
    public let policy: Policy
    public let caller: Caller
    /// The way that the caller came; the anonymous may do nothing where there is none.
    public let door: AccessDoor?
    /// Whether the door's own login has let the caller in (Craton's users), which then says itself
    /// who may change what.
    public var hasOwnLogin = false

    public init(_ policy: Policy, of caller: Caller, at door: AccessDoor?) {
        self.policy = policy
        self.caller = caller
        self.door = door
    }

    /// Says why something is not allowed; nil where it is.
    ///
    /// - Parameter snapshot: has the devices that callers may be.
    public func denial(
        of right: AccessRight, in place: AccessPlace, _ snapshot: Snapshot
    ) -> Denial? {
        if caller.isUnrestricted || hasOwnLogin && [.read, .write].contains(right) { return nil }
        if everybodyMay(right, place, snapshot) { return nil }
        if caller.account != nil {
            guard rolesAllow(right, place) else { return denial(right, place, .roles) }
            return scopeAllows(right, place, snapshot) ? nil : denial(right, place, .token)
        }
        if let device = caller.device, DeviceClaim(of: device).allows(right, place, snapshot) {
            return nil
        }
        return denial(right, place, caller.isAnonymous ? .login : .device)
    }

    /// Says why the door's own login does not count here; nil where it does.
    ///
    /// It counts everywhere, unless the policy says something of the door.
    public func denialOfOwnLogin(for right: AccessRight, _ snapshot: Snapshot) -> Denial? {
        if caller.isUnrestricted { return nil }
        let choice = door.flatMap { policy.anonymous[$0] }?.choice(from: caller.address) ?? .open
        if choice == .open || choice == .read && right == .read { return nil }
        return denial(of: right, in: .everything, snapshot)
    }

    /// Whether the caller may do it without saying anything of themselves. A login or a token never
    /// takes that away.
    private func everybodyMay(
        _ right: AccessRight, _ place: AccessPlace, _ snapshot: Snapshot
    ) -> Bool {
        switch choice {
        case .closed: false
        case .read: right == .read
        case .ownDevice: agentClaim.allows(right, place, snapshot)
        case .open: right == .read || right == .write
        }
    }

    /// What the door allows the anonymous who come from where the caller does.
    var choice: AnonymousRights.Choice {
        door.flatMap { policy.anonymous[$0] }?.choice(from: caller.address) ?? .closed
    }

    /// A token that names a device proves nothing about it: whoever has an account could make one.
    var agentClaim: DeviceClaim {
        DeviceClaim(at: caller.address, device: caller.account == nil ? caller.device : nil)
    }

    // MARK: Accounts

    func rolesAllow(_ right: AccessRight, _ place: AccessPlace) -> Bool {
        place.isCovered(by: rolePlaces(of: right))
    }

    /// The places in which the caller's roles give a right.
    func rolePlaces(of right: AccessRight) -> Set<PolicyPlace> {
        if caller.roles.contains(Caller.adminRole) { return [.everything] }
        return caller.roles.compactMap { policy.roles[$0] }
            .reduce(into: []) { $0.formUnion($1.places(of: right)) }
    }

    /// Whether the token, where there is one, leaves the caller this much.
    func scopeAllows(
        _ right: AccessRight, _ place: AccessPlace, _ snapshot: Snapshot
    ) -> Bool {
        let scope = caller.scope
        guard scope.rights.contains(right) else { return false }
        if right == .administer, scope.collections != nil || scope.device != nil { return false }
        if let names = scope.collections,
            !place.isCovered(by: Set(names.compactMap { PolicyPlace($0) }))
        {
            return false
        }
        return scope.device.map { DeviceClaim(of: $0).allows(right, place, snapshot) } ?? true
    }
}

/// Where a right is asked for.
public enum AccessPlace: Hashable, Sendable {
    /// Every document, and the files beside them.
    case everything
    /// All of these.
    case collections(Set<Collection>)
    case document(DocumentKey)
    /// Any place at all; what is asked for exactly is judged when it is known.
    case somewhere

    func isCovered(by places: Set<PolicyPlace>) -> Bool {
        switch self {
        case .everything: places.contains(.everything)
        case .collections(let all): all.allSatisfy { one in places.contains { $0.covers(one) } }
        case .document(let key): places.contains { $0.covers(key.collection) }
        case .somewhere: !places.isEmpty
        }
    }

    fileprivate var words: String {
        switch self {
        case .everything: "the whole registry"
        case .collections(let all): all.map(\.name).sorted().joined(separator: ", ")
        case .document(let key): key.description
        case .somewhere: "anything"
        }
    }
}

/// Why somebody may not do what they asked for.
public struct Denial: Hashable, Sendable {
    /// A sentence for the person who asked.
    public let reason: String
    /// Whether nobody is known yet, so that a login may help.
    public let takesLogin: Bool

    public init(_ reason: String, takesLogin: Bool = false) {
        self.reason = reason
        self.takesLogin = takesLogin
    }
}

extension Judgement {
    /// What the caller lacks.
    enum Lack {
        case roles, token, device, login
    }

    func denial(_ right: AccessRight, _ place: AccessPlace, _ lack: Lack) -> Denial {
        let what =
            switch right {
            case .read: "read \(place.words)"
            case .write: "change \(place.words)"
            case .approve: "approve changes of \(place.words)"
            case .administer: "administer the registry"
            }
        switch lack {
        case .roles:
            return Denial(
                "\(caller.account?.text ?? "") may not \(what); policy.json says what each role may."
            )
        case .token:
            let name = caller.tokenName.map { "'\($0)' " } ?? ""
            return Denial("The token \(name)is not for this: it may not \(what).")
        case .device:
            let name = caller.device.map { "\($0)" } ?? ""
            return Denial("The device \(name) is here for its own document alone, not to \(what).")
        case .login:
            return Denial("It takes a login or a token to \(what).", takesLogin: true)
        }
    }
}
