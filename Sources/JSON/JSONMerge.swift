/// The outcome of ``mergeJSON(base:ours:theirs:policy:)``.
public struct JSONMerge: Hashable, Sendable {
    /// The merged value, with our side at each conflict.
    public var result: JSONValue
    public var conflicts: [JSONMergeConflict]
}

/// A place that both sides changed, differently. Nil stands for an absent value.
public struct JSONMergeConflict: Hashable, Sendable {
    /// List elements are counted as in our version, or in theirs where ours has no such element.
    public var pointer: JSONPointer
    public var base: JSONValue?
    public var ours: JSONValue?
    public var theirs: JSONValue?
}

/// What makes two elements of a list the same in two versions.
public enum JSONListIdentity: Hashable, Sendable {
    /// Distinct strings: `set`. Objects with distinct `uid` or else `id`: `byMember`. Else: `whole`.
    case automatic
    /// The list is one value.
    case whole
    /// Elements are the same when they are equal. A list that repeats one is taken as `whole`.
    case set
    /// Elements are objects told apart by the member of this name. A list that repeats one, or has
    /// other elements, is taken as `whole`.
    case byMember(JSONString)
}

/// What to take at a conflict.
public enum JSONMergeChoice: Hashable, Sendable {
    /// One side's value, or its absence.
    case ours, theirs
    case value(JSONValue)
}

/// How values are merged that are more than members and scalars.
public struct JSONMergePolicy {
    /// The identity of the elements of the list at a place.
    public var lists: (JSONPointer) -> JSONListIdentity
    /// What to take at a conflict, or nil to report it.
    public var resolve: (JSONMergeConflict) -> JSONMergeChoice?

    public init(
        lists: @escaping (JSONPointer) -> JSONListIdentity = { _ in .automatic },
        resolve: @escaping (JSONMergeConflict) -> JSONMergeChoice? = { _ in nil }
    ) {
        self.lists = lists
        self.resolve = resolve
    }
}

/// Merges two versions of a value that have `base` in common.
///
/// Objects are merged by member, lists as the policy says, everything else as a whole; a value in
/// which only the order of members differs is not changed. The order is ours, or theirs where only
/// they have changed it; what one side alone has stays behind what it follows there.
///
/// - Parameter base: nil when the versions have nothing in common.
public func mergeJSON(
    base: JSONValue?, ours: JSONValue, theirs: JSONValue,
    policy: JSONMergePolicy = JSONMergePolicy()
) -> JSONMerge {
    var merger = JSONMerger(policy: policy)
    let result = merger.merge(JSONVersions(base: base, ours: ours, theirs: theirs))
    return JSONMerge(result: result ?? ours, conflicts: merger.conflicts)
}
