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

    /// Reads 40 hex digits of either case.
    public init?(hex: some StringProtocol) {
        let digits = Array(hex.utf8)
        guard digits.count == 40 else { return nil }
        var bytes: [UInt8] = []
        for place in stride(from: 0, to: 40, by: 2) {
            guard let high = Self.value(digits[place]), let low = Self.value(digits[place + 1])
            else { return nil }
            bytes.append(high << 4 | low)
        }
        self.init(raw: bytes)
    }

    private static func value(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
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
    ///
    /// Not by libgit2, whose text for a thread is there only once the library was started.
    public var description: String {
        var bytes: [UInt8] = []
        append(to: &bytes)
        let digits = Array("0123456789abcdef".utf8)
        return String(
            decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] },
            as: UTF8.self)
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
