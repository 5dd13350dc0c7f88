internal import Crypto
internal import HashTreeCollections

/// Which integer each document is shown by: a pure function of the documents, so that every clone
/// answers with the same numbers.
///
/// Of those that claim one stored number the smallest by (creation, uid) has it. Who has none is
/// shown by a number derived from its uid, from 2^52 on, which no stored one reaches; of two with
/// the same derived number the greater uid is hashed again with a `+` behind it.
struct CratonAliases: Sendable {
    struct Number: Hashable, Sendable {
        let family: CratonFamily
        let value: Int
    }

    /// Somebody who would have a number.
    private struct Claim: Comparable, Sendable {
        /// 0 for the number in the document, then one more for each derived number.
        let rank: Int
        let created: Int64
        let id: DocumentID

        static func < (left: Claim, right: Claim) -> Bool {
            // A stored number goes before a derived one; among derived ones the uid decides alone.
            if (left.rank == 0) != (right.rank == 0) { return left.rank == 0 }
            if left.rank == 0, left.created != right.created { return left.created < right.created }
            return left.id < right.id
        }
    }

    /// Derived numbers begin here; stored ones below.
    static let firstDerived = 1 << 52

    private var claims: TreeDictionary<Number, [Claim]> = [:]
    /// What each document is shown by.
    private var numbers: TreeDictionary<DocumentKey, Int> = [:]
    /// The stored numbers that more than one document claims.
    private(set) var doubled: TreeSet<Number> = []
    private var highest: [CratonFamily: Int] = [:]

    /// The greatest number that was given out and is still there; derived ones do not count.
    func highest(_ family: CratonFamily) -> Int { highest[family] ?? 0 }

    subscript(key: DocumentKey) -> Int? { numbers[key] }

    /// Who is shown by a number.
    func owner(_ family: CratonFamily, _ number: Int) -> DocumentID? {
        claims[Number(family: family, value: number)]?.first?.id
    }

    /// Everybody who claims a stored number, the one who has it first.
    func claimants(of number: Number) -> [DocumentID] {
        (claims[number] ?? []).filter { $0.rank == 0 }.map(\.id)
    }

    /// Notes a document that was not there.
    ///
    /// - Returns: the others whose number changes with it.
    mutating func insert(_ item: CratonItem) -> [DocumentKey] {
        let family = item.kind.family
        guard family.hasAliases else { return [] }
        if let stored = item.storedAlias, stored < Self.firstDerived {
            highest[family] = max(highest[family] ?? 0, stored)
        }
        var changed: [DocumentKey] = []
        settle(item.key, item.storedAlias, item.created, family, &changed)
        return changed.filter { $0 != item.key }
    }

    /// Forgets a document.
    ///
    /// - Returns: the others whose number changes with it.
    mutating func remove(_ item: CratonItem) -> [DocumentKey] {
        let family = item.kind.family
        guard family.hasAliases else { return [] }
        numbers[item.key] = nil
        var changed: [DocumentKey] = []
        release(item.key.id, item.storedAlias, family, from: 0, &changed)
        return changed
    }

    /// Claims number after number until one is had.
    private mutating func settle(
        _ key: DocumentKey, _ stored: Int?, _ created: Int64, _ family: CratonFamily,
        _ changed: inout [DocumentKey]
    ) {
        var rank = stored == nil ? 1 : 0
        while true {
            let number = Self.number(rank, stored, key.id, family)
            let claim = Claim(rank: rank, created: created, id: key.id)
            var all = claims[number] ?? []
            let place = all.firstIndex { claim < $0 } ?? all.count
            all.insert(claim, at: place)
            claims[number] = all
            note(number, all)
            if place == 0 {
                if numbers[key] != number.value {
                    numbers[key] = number.value
                    changed.append(key)
                }
                guard all.count > 1 else { return }
                // Who had it goes on to its next number.
                let loser = all[1]
                let other = DocumentKey(family.collection, loser.id)
                settleFurther(other, after: loser, family, &changed)
                return
            }
            rank += 1
        }
    }

    private mutating func settleFurther(
        _ key: DocumentKey, after claim: Claim, _ family: CratonFamily,
        _ changed: inout [DocumentKey]
    ) {
        var claim = claim
        while true {
            claim = Claim(rank: claim.rank + 1, created: claim.created, id: claim.id)
            let number = Self.number(claim.rank, nil, key.id, family)
            var all = claims[number] ?? []
            let place = all.firstIndex { claim < $0 } ?? all.count
            all.insert(claim, at: place)
            claims[number] = all
            if place == 0, all.count == 1 {
                numbers[key] = number.value
                changed.append(key)
                return
            }
            // Two derived numbers of 52 bits are equal once in some million registries of a million
            // devices each; then the later comer goes on, whatever its uid.
            if place == 0 { claims[number] = Array(all.dropFirst()) + [claim] }
        }
    }

    /// Takes a document's claims out from the one of a rank on, and gives what it had to the next.
    private mutating func release(
        _ id: DocumentID, _ stored: Int?, _ family: CratonFamily, from first: Int,
        _ changed: inout [DocumentKey]
    ) {
        var waiting = [(id: id, stored: stored, rank: stored == nil ? max(1, first) : first)]
        while var next = waiting.popLast() {
            while true {
                let number = Self.number(next.rank, next.stored, next.id, family)
                guard var all = claims[number],
                    let place = all.firstIndex(where: { $0.id == next.id })
                else { break }
                all.remove(at: place)
                claims[number] = all.isEmpty ? nil : all
                note(number, all)
                if place == 0, let heir = all.first {
                    let key = DocumentKey(family.collection, heir.id)
                    numbers[key] = number.value
                    changed.append(key)
                    waiting.append((heir.id, nil, heir.rank + 1))
                }
                next.rank += 1
            }
        }
    }

    private mutating func note(_ number: Number, _ all: [Claim]) {
        if all.count(where: { $0.rank == 0 }) > 1 {
            doubled.insert(number)
        } else {
            doubled.remove(number)
        }
    }

    private static func number(
        _ rank: Int, _ stored: Int?, _ id: DocumentID, _ family: CratonFamily
    ) -> Number {
        if rank == 0, let stored { return Number(family: family, value: stored) }
        return Number(family: family, value: derived(id, family, times: max(rank, 1)))
    }

    /// 2^52 and the first 52 bits of SHA-256 of `<sequence>:<uid>`.
    static func derived(_ id: DocumentID, _ family: CratonFamily, times: Int = 1) -> Int {
        let text = "\(family.rawValue):\(id)" + String(repeating: "+", count: times - 1)
        let hash = SHA256.hash(data: Array(text.utf8))
        let word = hash.prefix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        return firstDerived + Int(word >> 12)
    }
}
