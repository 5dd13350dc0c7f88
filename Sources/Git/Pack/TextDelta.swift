internal import Glibc

/// Makes the ``Delta`` between two small texts that share many parts, such as two commits or two
/// devices.
///
/// One pass: where eight bytes of the new text stand in the old one too, as much as is equal around
/// them is copied.
enum TextDelta {
    /// Longer texts are left to git, which searches better.
    static let sizeLimit = 8_192
    private static let window = 8
    private static let slots = 1 << 11

    /// nil where the texts are too short, too long or share less than half.
    static func make(from old: [UInt8], to new: [UInt8]) -> [UInt8]? {
        guard (window...sizeLimit).contains(old.count), (window...sizeLimit).contains(new.count)
        else { return nil }
        var delta: [UInt8] = []
        delta.append(size: old.count)
        delta.append(size: new.count)
        old.withUnsafeBytes { old in
            new.withUnsafeBytes { new in
                withUnsafeTemporaryAllocation(of: Int16.self, capacity: slots) { places in
                    note(old, in: places)
                    append(from: old, to: new, by: places, &delta)
                }
            }
        }
        return delta.count <= new.count / 2 ? delta : nil
    }

    /// Notes where each eight bytes begin; of equal ones the last.
    private static func note(
        _ old: UnsafeRawBufferPointer, in places: UnsafeMutableBufferPointer<Int16>
    ) {
        places.initialize(repeating: -1)
        for place in 0...(old.count - window) {
            places[slot(of: old, at: place)] = Int16(truncatingIfNeeded: place)
        }
    }

    private static func append(
        from old: UnsafeRawBufferPointer, to new: UnsafeRawBufferPointer,
        by places: UnsafeMutableBufferPointer<Int16>, _ delta: inout [UInt8]
    ) {
        var place = 0
        var written = 0
        while place + window <= new.count {
            let start = Int(places[slot(of: new, at: place)])
            let shared = start < 0 ? 0 : sharedCount(old, start, new, place)
            guard shared >= window else {
                place += 1
                continue
            }
            delta.append(insertionOf: new[written..<place])
            delta.append(copyOf: start, count: shared)
            place += shared
            written = place
        }
        delta.append(insertionOf: new[written...])
    }

    private static func sharedCount(
        _ old: UnsafeRawBufferPointer, _ start: Int, _ new: UnsafeRawBufferPointer, _ place: Int
    ) -> Int {
        let limit = min(old.count - start, new.count - place)
        var count = 0
        while count < limit, old[start + count] == new[place + count] { count += 1 }
        return count
    }

    private static func slot(of bytes: UnsafeRawBufferPointer, at place: Int) -> Int {
        let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
        return Int((word &* 0x9E37_79B9_7F4A_7C15) >> 53)
    }
}
