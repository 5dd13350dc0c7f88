/// The last changes of an index, so that what was made from another state of it can be brought
/// over to this one.
///
/// Numbers of changes are given out once for all copies of an index: where two logs have one
/// number, both states come from the one right behind that change.
struct CratonChangeLog: Sendable {
    private struct Change {
        let number: UInt64
        let key: DocumentKey
    }

    /// So many changes are known at least, and twice as many at most.
    static let length = 4_096
    /// Blocks of this many are never copied again.
    private static let blockLength = 64

    private var full: [[Change]] = []
    private var newest: [Change] = []
    /// The number of the change before all of these.
    private var base: UInt64 = 0

    var last: UInt64 { newest.last?.number ?? full.last?.last?.number ?? base }

    /// - Parameter number: greater than any that was given before.
    mutating func add(_ key: DocumentKey, number: UInt64) {
        newest.append(Change(number: number, key: key))
        guard newest.count == Self.blockLength else { return }
        full.append(newest)
        newest = []
        let most = 2 * Self.length / Self.blockLength
        guard full.count > most else { return }
        let dropped = full.count - most / 2
        base = full[dropped - 1].last?.number ?? base
        full.removeFirst(dropped)
    }

    private var count: Int { full.count * Self.blockLength + newest.count }

    private subscript(place: Int) -> Change {
        let block = place / Self.blockLength
        return block < full.count
            ? full[block][place % Self.blockLength] : newest[place - full.count * Self.blockLength]
    }

    /// What may differ between the state of this log and that of another.
    ///
    /// - Returns: nil where that is not known, because they have parted too long ago.
    func difference(from other: CratonChangeLog) -> Set<DocumentKey>? {
        var keys: Set<DocumentKey> = []
        var (own, others) = (count, other.count)
        while true {
            let mine = own > 0 ? self[own - 1].number : base
            let theirs = others > 0 ? other[others - 1].number : other.base
            if mine == theirs { return keys }
            if mine > theirs {
                guard own > 0 else { return nil }
                own -= 1
                keys.insert(self[own].key)
            } else {
                guard others > 0 else { return nil }
                others -= 1
                keys.insert(other[others].key)
            }
        }
    }
}
