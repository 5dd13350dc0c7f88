extension Policy {
    /// The names of the roles that an account can have.
    public var roleNames: [String] {
        (roles.keys + [Caller.adminRole]).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Says, for whoever gave them, which of some roles there is not; nil where there are all.
    public func complaint(about roles: some Sequence<String>) -> String? {
        let known = Set(roleNames)
        guard let unknown = roles.filter({ !known.contains($0) }).min() else { return nil }
        let names = roleNames.joined(separator: ", ")
        return "There is no role '\(unknown)'; there are \(names) (policy.json)."
    }
}
