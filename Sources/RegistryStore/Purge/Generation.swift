internal import Git
internal import Registry
internal import Synchronization

/// Names the history: another one after each purge.
enum Generation {
    /// That of a registry from which nothing was purged.
    static let first = "1"

    static func path(_ places: StorePlaces) -> String { places.service + "/generation" }

    static func current(_ places: StorePlaces) -> String {
        let bytes = (try? FileSystem.read(path(places), limit: 4096)) ?? nil
        let line = (bytes ?? []).prefix { $0 != UInt8(ascii: "\n") }
        return line.isEmpty ? first : String(decoding: line, as: UTF8.self)
    }

    /// The number one higher, with something that no other registry has.
    static func next(after generation: String) -> String {
        let number = Int(generation.prefix { $0 != "-" }) ?? 1
        let random = String(UInt64.random(in: .min ... .max), radix: 16)
        return "\(number + 1)-" + String(repeating: "0", count: 16 - random.utf8.count) + random
    }
}

/// The ids that commits have got by purges, by those that they had.
///
/// A file of pairs of 20 bytes, sorted: a million take 40 MB, and are looked at where they are.
final class Renewals: Sendable {
    /// Why a commit that was purged does not come back.
    static let refusal =
        "This commit was purged from the registry. Clone it anew, and bring over only your own "
        + "commits (git cherry-pick)."

    private let bytes: [UInt8]

    static func path(_ places: StorePlaces) -> String { places.service + "/renewals" }

    init(_ places: StorePlaces) {
        bytes = ((try? FileSystem.read(Self.path(places))) ?? nil) ?? []
    }

    var isEmpty: Bool { bytes.isEmpty }

    private var count: Int { bytes.count / 40 }

    private func id(at place: Int) -> ObjectID {
        ObjectID(raw: Array(bytes[place..<place + 20])) ?? .zero
    }

    /// The present id of a commit that had this one before; nil where it never was another.
    func new(of old: ObjectID) -> ObjectID? {
        let place = place(of: old)
        return place < count && id(at: place * 40) == old ? id(at: place * 40 + 20) : nil
    }

    /// How many ids go before this one.
    private func place(of old: ObjectID) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if id(at: middle * 40) < old { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The present id of the one commit whose id began so before; nil where that is none, or not one.
    ///
    /// - Parameter prefix: hex digits, at least four.
    func new(ofPrefix prefix: String) -> ObjectID? {
        let prefix = prefix.lowercased()
        let zeros = String(repeating: "0", count: max(0, 40 - prefix.utf8.count))
        guard prefix.utf8.count >= 4, let least = Revision(hex: prefix + zeros) else { return nil }
        let place = place(of: ObjectID(least))
        func isMeant(_ place: Int) -> Bool {
            place < count && "\(id(at: place * 40))".hasPrefix(prefix)
        }
        return isMeant(place) && !isMeant(place + 1) ? id(at: place * 40 + 20) : nil
    }

    /// The file's content with further ones, which may rename those that were new before.
    func adding(_ renewed: [ObjectID: ObjectID]) -> [UInt8] {
        var all = renewed
        for place in 0..<count {
            let (old, new) = (id(at: place * 40), id(at: place * 40 + 20))
            all[old] = renewed[new] ?? new
        }
        var made: [UInt8] = []
        made.reserveCapacity(all.count * 40)
        for (old, new) in all.sorted(by: { $0.key < $1.key }) {
            made += Revision(old).bytes
            made += Revision(new).bytes
        }
        return made
    }
}
