internal import Git

/// An object that a commit adds.
struct NewObject: Sendable {
    let object: GitObject
    /// How it follows from an object that is stored already; nil for what stands for itself.
    let change: ByteChange?

    init(_ object: GitObject, change: ByteChange? = nil) {
        self.object = object
        self.change = change
    }
}

/// New bytes in terms of old ones: the same beginning, something in the middle, the same end.
///
/// A tree that gets one file differs from the one before in one place, however large it is.
struct ByteChange: Hashable, Sendable {
    /// The object with the old bytes.
    let base: ObjectID
    /// How many bytes are the same at the beginning.
    let prefix: Int
    /// How many are the same at the end.
    let suffix: Int

    init(base: ObjectID, prefix: Int, suffix: Int) {
        self.base = base
        self.prefix = prefix
        self.suffix = suffix
    }

    /// Compares two contents; nil when more than half of the new one is new.
    init?(from old: [UInt8], of base: ObjectID, to new: [UInt8]) {
        let shared = min(old.count, new.count)
        let (prefix, suffix) = old.withUnsafeBufferPointer { old in
            new.withUnsafeBufferPointer { new in
                var prefix = 0
                while prefix < shared, old[prefix] == new[prefix] { prefix += 1 }
                var suffix = 0
                while suffix < shared - prefix,
                    old[old.count - suffix - 1] == new[new.count - suffix - 1]
                {
                    suffix += 1
                }
                return (prefix, suffix)
            }
        }
        guard prefix + suffix > new.count / 2 else { return nil }
        self.init(base: base, prefix: prefix, suffix: suffix)
    }

    /// The bytes of `new` that are not in the old content.
    func middle(of new: [UInt8]) -> ArraySlice<UInt8> {
        new.dropFirst(prefix).dropLast(suffix)
    }

    /// The new bytes; nil when the old ones are too short for this change.
    func applied(to old: [UInt8], middle: ArraySlice<UInt8>) -> [UInt8]? {
        guard prefix >= 0, suffix >= 0, prefix <= old.count, suffix <= old.count else { return nil }
        return old.prefix(prefix) + middle + old.suffix(suffix)
    }
}
