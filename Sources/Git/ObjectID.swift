internal import CGit2

/// The 20-byte name of one object.
public struct ObjectID: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The bytes as three big-endian words.
    package let high: UInt64
    package let middle: UInt64
    package let low: UInt32

    package init(words: (UInt64, UInt64, UInt32)) { (high, middle, low) = words }

    package var words: (UInt64, UInt64, UInt32) { (high, middle, low) }

    /// All zeros, which git uses for "no object".
    public static let zero = ObjectID(words: (0, 0, 0))

    /// Reads 20 raw bytes; nil when there are more or fewer.
    package init?(raw bytes: [UInt8]) {
        guard bytes.count == 20 else { return nil }
        self = bytes.withUnsafeBytes { ObjectID(raw: $0) }
    }

    /// Reads 20 raw bytes at the start of `bytes`, which must hold as many.
    init(raw bytes: UnsafeRawBufferPointer) {
        self.init(
            words: (
                UInt64(bigEndian: bytes.loadUnaligned(as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
                UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: 16, as: UInt32.self))
            ))
    }

    init(_ oid: git_oid) { self = withUnsafeBytes(of: oid) { ObjectID(raw: $0) } }

    /// Reads 40 hex digits.
    public init?(hex: some StringProtocol) {
        guard hex.utf8.count == 40 else { return nil }
        var oid = git_oid()
        guard git_oid_fromstr(&oid, String(hex)) == 0 else {
            git_error_clear()
            return nil
        }
        self.init(oid)
    }

    var raw: git_oid {
        var oid = git_oid()
        withUnsafeMutableBytes(of: &oid) { target in
            target.storeBytes(of: high.bigEndian, as: UInt64.self)
            target.storeBytes(of: middle.bigEndian, toByteOffset: 8, as: UInt64.self)
            target.storeBytes(of: low.bigEndian, toByteOffset: 16, as: UInt32.self)
        }
        return oid
    }

    /// 40 lower-case hex digits.
    public var description: String {
        var oid = raw
        return String(cString: git_oid_tostr_s(&oid))
    }

    /// Adds the 20 raw bytes to `bytes`.
    package func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: high.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: middle.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: low.bigEndian) { bytes.append(contentsOf: $0) }
    }

    public static func < (left: ObjectID, right: ObjectID) -> Bool {
        (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }
}
