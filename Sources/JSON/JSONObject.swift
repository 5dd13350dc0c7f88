/// The members of a JSON object, in order and each name once.
///
/// `==` minds the order; ``JSONValue/isEquivalent(to:)`` does not.
public struct JSONObject: Sendable {
    public typealias Element = (name: JSONString, value: JSONValue)

    public private(set) var members: [Element] = []

    /// Where each name is; nil while there are few enough members to look at each.
    private var positions: [JSONString: Int]?

    private static let fewMembers = 16

    public init() {}

    /// Takes members in order; a repeated name replaces the earlier value in its place.
    public init(_ members: [(JSONString, JSONValue)]) {
        self.members.reserveCapacity(members.count)
        for (name, value) in members { self[name] = value }
    }

    /// Takes members as they are, or, when a name is repeated, like ``init(_:)``.
    init(parts members: [Element]) {
        guard Self.areClearlyDistinct(members) else {
            self.init(members.map { ($0.name, $0.value) })
            return
        }
        self.init()
        self.members = members
    }

    public var count: Int { members.count }
    public var isEmpty: Bool { members.isEmpty }
    public var names: [JSONString] { members.map(\.name) }

    /// The value of the member `name`.
    ///
    /// A new name goes to the end. Setting nil removes the member, which passes over all others.
    public subscript(name: JSONString) -> JSONValue? {
        get { position(of: name).map { members[$0].value } }
        set {
            switch (position(of: name), newValue) {
            case (let position?, let value?): members[position].value = value
            case (nil, let value?): append(name, value)
            case (_?, nil): removeAll { $0.name == name }
            case (nil, nil): break
            }
        }
    }

    /// Removes every member that `shouldBeRemoved` is true for, in one pass.
    public mutating func removeAll(where shouldBeRemoved: (Element) throws -> Bool) rethrows {
        try members.removeAll(where: shouldBeRemoved)
        indexNames()
    }

    /// Whether the names of few members differ in their fingerprints, which is cheaper to see than
    /// in their text.
    private static func areClearlyDistinct(_ members: [Element]) -> Bool {
        var fingerprints = InlineArray<16, UInt64>(repeating: 0)
        guard members.count <= fingerprints.count else { return false }
        for (count, member) in members.enumerated() {
            let fingerprint = member.name.fingerprint
            for earlier in 0..<count where fingerprints[earlier] == fingerprint { return false }
            fingerprints[count] = fingerprint
        }
        return true
    }

    /// Where the member `name` is in ``members``.
    public func position(of name: JSONString) -> Int? {
        if let positions { return positions[name] }
        return members.firstIndex { $0.name == name }
    }

    private mutating func append(_ name: JSONString, _ value: JSONValue) {
        members.append((name, value))
        if positions == nil { indexNames() } else { positions?[name] = members.count - 1 }
    }

    private mutating func indexNames() {
        positions = nil
        guard members.count > Self.fewMembers else { return }
        positions = Dictionary(uniqueKeysWithValues: zip(names, members.indices))
    }
}

extension JSONObject: Sequence {
    public func makeIterator() -> IndexingIterator<[Element]> { members.makeIterator() }
    public var underestimatedCount: Int { members.count }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral members: (JSONString, JSONValue)...) { self.init(members) }
}
