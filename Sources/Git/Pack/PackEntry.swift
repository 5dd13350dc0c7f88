/// One object as a pack holds it (gitformat-pack): a head, for a delta the name of its base, and
/// a zlib stream.
package struct PackEntry: Sendable {
    package let id: ObjectID
    let kind: ObjectKind
    /// Bytes that the stream inflates to: the content, or the delta.
    let size: Int
    /// Where head, base and stream are in the pack.
    let range: Range<Int>
    /// Of those bytes.
    let checksum: UInt32
    /// What a delta starts from, an object of the same pack; nil for a whole object.
    let base: ObjectID?
    /// Whether the stream is stored and not compressed.
    let isPlain: Bool
    /// How a whole object follows from one that its pack does not hold.
    let change: ByteChange?
    /// How many deltas lead from here to a whole object.
    let depth: Int
    /// How many deltas at most lead to here from one that rests on it.
    var height = 0

    /// git's own limit of `depth`, because a reader works through every delta of the chain.
    static let maximumDepth = 50

    /// The type that a head names for a delta whose base is named by its id.
    static let referenceDelta: UInt8 = 7

    /// Appends the type and the size: four bits of the size in the first byte, seven in the others.
    static func appendHead(_ type: UInt8, size: Int, to bytes: inout [UInt8]) {
        var byte = type << 4 | UInt8(truncatingIfNeeded: size & 15)
        var rest = size >> 4
        while rest > 0 {
            bytes.append(byte | 0x80)
            byte = UInt8(truncatingIfNeeded: rest & 0x7F)
            rest >>= 7
        }
        bytes.append(byte)
    }
}
