/// What a collection holds, as one number of 128 bits: equal for the same uids with the same blobs,
/// however they came to be there, so also after a restart.
///
/// A sum over the documents, so that a change costs no more than itself. It is part of entity tags
/// and no signature: whoever may write documents could, with effort, make two states look alike.
public struct CollectionState: Hashable, Sendable {
    private var high: UInt64 = 0
    private var low: UInt64 = 0

    init() {}

    mutating func add(_ id: DocumentID, _ blob: Revision) {
        let (high, low) = Self.number(id, blob)
        self.high &+= high
        self.low &+= low
    }

    mutating func remove(_ id: DocumentID, _ blob: Revision) {
        let (high, low) = Self.number(id, blob)
        self.high &-= high
        self.low &-= low
    }

    /// Both halves.
    public var words: (UInt64, UInt64) { (high, low) }

    /// The blob alone is not enough: a dashboard does not hold its uid.
    private static func number(_ id: DocumentID, _ blob: Revision) -> (UInt64, UInt64) {
        let name = hash(id)
        let (high, middle, low) = blob.words
        return (
            mixed(high &+ mixed(name)), mixed(middle &+ mixed(name ^ UInt64(low) << 32))
        )
    }

    /// FNV-1a, the same in every process, as the standard library's hash is not.
    private static func hash(_ id: DocumentID) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in id.text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        return hash
    }

    /// The finalizer of SplitMix64: each bit of the result depends on each bit of `word`.
    private static func mixed(_ word: UInt64) -> UInt64 {
        var word = word &+ 0x9E37_79B9_7F4A_7C15
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
