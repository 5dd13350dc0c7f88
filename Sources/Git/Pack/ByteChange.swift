internal import Glibc

/// New bytes in terms of old ones: the same beginning, something in the middle, the same end.
///
/// A tree that gets one file differs from the one before in one place, however large it is.
package struct ByteChange: Hashable, Sendable {
    /// The object with the old bytes.
    package let base: ObjectID
    /// The number of the old bytes.
    package let baseSize: Int
    /// How many bytes are the same at the beginning.
    package let prefix: Int
    /// How many are the same at the end.
    package let suffix: Int

    package init(base: ObjectID, baseSize: Int, prefix: Int, suffix: Int) {
        self.base = base
        self.baseSize = baseSize
        self.prefix = prefix
        self.suffix = suffix
    }

    /// Compares two contents; nil when more than half of the new one is new.
    package init?(from old: [UInt8], of base: ObjectID, to new: [UInt8]) {
        let shared = min(old.count, new.count)
        let (prefix, suffix) = old.withUnsafeBytes { old in
            new.withUnsafeBytes { new in
                let prefix = Self.sharedPrefix(old, new, limit: shared)
                return (prefix, Self.sharedSuffix(old, new, limit: shared - prefix))
            }
        }
        guard prefix + suffix > new.count / 2 else { return nil }
        self.init(base: base, baseSize: old.count, prefix: prefix, suffix: suffix)
    }

    /// Blocks first: the contents are long, and differ late or not at all.
    private static func sharedPrefix(
        _ old: UnsafeRawBufferPointer, _ new: UnsafeRawBufferPointer, limit: Int
    ) -> Int {
        guard let left = old.baseAddress, let right = new.baseAddress else { return 0 }
        var prefix = 0
        while prefix + 256 <= limit, memcmp(left + prefix, right + prefix, 256) == 0 {
            prefix += 256
        }
        while prefix < limit, old[prefix] == new[prefix] { prefix += 1 }
        return prefix
    }

    private static func sharedSuffix(
        _ old: UnsafeRawBufferPointer, _ new: UnsafeRawBufferPointer, limit: Int
    ) -> Int {
        guard let left = old.baseAddress, let right = new.baseAddress else { return 0 }
        let (leftEnd, rightEnd) = (left + old.count, right + new.count)
        var suffix = 0
        while suffix + 256 <= limit,
            memcmp(leftEnd - suffix - 256, rightEnd - suffix - 256, 256) == 0
        {
            suffix += 256
        }
        while suffix < limit, old[old.count - suffix - 1] == new[new.count - suffix - 1] {
            suffix += 1
        }
        return suffix
    }

    /// The bytes of `new` that are not in the old content.
    package func middle(of new: [UInt8]) -> ArraySlice<UInt8> {
        new.dropFirst(prefix).dropLast(suffix)
    }

    /// The new bytes; nil when the old ones are not those that this change was made from.
    package func applied(to old: [UInt8], middle: ArraySlice<UInt8>) -> [UInt8]? {
        guard old.count == baseSize, prefix >= 0, suffix >= 0, prefix <= old.count,
            suffix <= old.count
        else { return nil }
        return old.prefix(prefix) + middle + old.suffix(suffix)
    }

    /// The change as a ``Delta``.
    ///
    /// - Parameter middle: what ``middle(of:)`` gave.
    func delta(middle: ArraySlice<UInt8>) -> [UInt8] {
        var delta: [UInt8] = []
        delta.append(size: baseSize)
        delta.append(size: prefix + middle.count + suffix)
        delta.append(copyOf: 0, count: prefix)
        delta.append(insertionOf: middle)
        delta.append(copyOf: baseSize - suffix, count: suffix)
        return delta
    }
}
