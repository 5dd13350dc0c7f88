extension Judgement {
    /// Where the caller has a right, for people to read: `*`, `devices`, `craton/*`.
    ///
    /// A token for one device narrows this further; see ``AccessScope/device``.
    public func places(of right: AccessRight) -> [String] {
        if caller.isUnrestricted || choice == .open && [.read, .write].contains(right)
            || choice == .read && right == .read
        {
            return [PolicyPlace.everything.text]
        }
        guard caller.account != nil, caller.scope.rights.contains(right) else { return [] }
        let places = rolePlaces(of: right)
        guard let names = caller.scope.collections else { return places.map(\.text).sorted() }
        guard right != .administer else { return [] }
        let covered = Collection.allCases.filter { collection in
            places.contains { $0.covers(collection) }
                && names.contains { PolicyPlace($0)?.covers(collection) == true }
        }
        return covered.map(\.name).sorted()
    }
}
