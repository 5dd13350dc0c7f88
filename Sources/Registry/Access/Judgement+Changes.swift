/// Says whether files may change as somebody wants it, from the state before; throws why not.
public typealias PathJudge =
    @Sendable (_ paths: [String], _ state: Snapshot) throws(RegistryError) -> Void

extension Judgement {
    /// Refuses changes that the caller may not make.
    ///
    /// - Parameters:
    ///   - hasMessage: whether the commit will say why.
    ///   - isProposed: whether they are proposed, so that somebody else judges them.
    /// - Throws: ``RegistryError/denied(_:)``, ``RegistryError/messageRequired(_:)``,
    ///   ``RegistryError/proposalOnly(_:)``.
    public func require(
        _ changes: [Change], _ snapshot: Snapshot, hasMessage: Bool, isProposed: Bool = false
    ) throws(RegistryError) {
        if caller.isUnrestricted { return }
        let real = changes.filter { !$0.isAlready(in: snapshot) }
        guard !real.isEmpty else { return }
        let cascade = Cascade(of: real)
        for change in real {
            if let denial = denial(of: change, cascade, snapshot) { throw .denied(denial) }
        }
        let collections = Set(real.map(\.key.collection))
        for collection in collections.sorted(by: { $0.name < $1.name }) {
            if !isProposed, policy.proposalOnly.contains(where: { $0.covers(collection) }) {
                throw .proposalOnly(collection.name)
            }
            if !hasMessage, policy.requireMessage.contains(where: { $0.covers(collection) }) {
                throw .messageRequired(collection.name)
            }
        }
    }

    private func denial(of change: Change, _ cascade: Cascade, _ snapshot: Snapshot) -> Denial? {
        let place = AccessPlace.document(change.key)
        if hasOwnLogin { return nil }
        switch choice {
        case .open: return nil
        case .ownDevice where agentClaim.allows(change, cascade, snapshot): return nil
        default: break
        }
        guard caller.account != nil else {
            if let device = caller.device,
                DeviceClaim(of: device).allows(change, cascade, snapshot)
            {
                return nil
            }
            return denial(.write, place, caller.isAnonymous ? .login : .device)
        }
        if let device = caller.scope.device,
            !DeviceClaim(of: device).allows(change, cascade, snapshot)
        {
            return denial(.write, place, .token)
        }
        if cascade.follows(change, snapshot) { return nil }
        guard rolesAllow(.write, place) else { return denial(.write, place, .roles) }
        return scopeAllows(.write, place, snapshot) ? nil : denial(.write, place, .token)
    }

    /// Refuses a change of files, by the same rules; what is no document takes the right on
    /// everything, and ``Policy/guardedPaths`` that to administer.
    ///
    /// - Parameter right: write or approve.
    public func require(
        _ right: AccessRight, of paths: [String], _ snapshot: Snapshot, hasMessage: Bool,
        isProposed: Bool = false
    ) throws(RegistryError) {
        if caller.isUnrestricted { return }
        for path in paths {
            if let denial = denial(of: right, path: path, isProposed, snapshot) {
                throw .denied(denial)
            }
        }
        // What is merged was proposed, and its commits say why.
        guard right == .write else { return }
        for path in paths {
            if !isProposed, isCovered(path, by: policy.proposalOnly) { throw .proposalOnly(path) }
            if !hasMessage, isCovered(path, by: policy.requireMessage) {
                throw .messageRequired(path)
            }
        }
    }

    private func denial(
        of right: AccessRight, path: String, _ isProposed: Bool, _ snapshot: Snapshot
    ) -> Denial? {
        if Policy.guardedPaths.contains(path) {
            // Everybody who may propose at all may propose another policy.
            return isProposed
                ? denial(of: right, in: .somewhere, snapshot)
                : denial(of: .administer, in: .everything, snapshot)
        }
        guard case .document(let key) = FileLayout.key(ofPath: path) else {
            return denial(of: right, in: .everything, snapshot)
        }
        // A file says less than a change of a document: here a device may touch its own alone.
        if caller.account == nil || caller.scope.device != nil, choice != .open {
            let device = caller.scope.device ?? caller.device
            guard key.collection == .devices, key.id == device else {
                return denial(right, .document(key), caller.isAnonymous ? .login : .device)
            }
        }
        return denial(of: right, in: .document(key), snapshot)
    }

    private func isCovered(_ path: String, by places: Set<PolicyPlace>) -> Bool {
        if places.contains(.file(path)) || places.contains(.everything) { return true }
        guard case .document(let key) = FileLayout.key(ofPath: path) else { return false }
        return places.contains { $0.covers(key.collection) }
    }
}

extension Change {
    /// Whether the registry holds it so.
    fileprivate func isAlready(in snapshot: Snapshot) -> Bool {
        switch self {
        case .put(let document):
            guard let stored = snapshot[document.key] else { return false }
            return stored.blob == document.blob && !stored.isLastGood
        case .remove(let key): return snapshot[key] == nil
        }
    }
}
