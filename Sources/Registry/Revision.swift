/// The name of one git object: its 20-byte SHA-1 id, shown as 40 hex digits.
public struct Revision: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let high: UInt64
    private let middle: UInt64
    private let low: UInt32

    /// The 20 bytes as three big-endian words.
    package init(words: (UInt64, UInt64, UInt32)) { (high, middle, low) = words }

    /// The 20 bytes as three big-endian words.
    package var words: (UInt64, UInt64, UInt32) { (high, middle, low) }

    /// 40 zeros, which git uses for "no object".
    public static let zero = Revision(words: (0, 0, 0))

    /// Whether this is git's "no object".
    public var isZero: Bool { self == .zero }

    /// Reads 20 raw bytes; nil when there are more or fewer.
    public init?(bytes: some Sequence<UInt8>) {
        var words: (UInt64, UInt64, UInt32) = (0, 0, 0)
        var count = 0
        for byte in bytes {
            switch count {
            case 0..<8: words.0 = words.0 << 8 | UInt64(byte)
            case 8..<16: words.1 = words.1 << 8 | UInt64(byte)
            case 16..<20: words.2 = words.2 << 8 | UInt32(byte)
            default: return nil
            }
            count += 1
        }
        guard count == 20 else { return nil }
        self.init(words: words)
    }

    /// Reads 40 hex digits of either case.
    public init?(hex: String) {
        guard hex.utf8.count == 40 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        var pending: UInt8?
        for digit in hex.utf8 {
            guard let value = hexValue(digit) else { return nil }
            if let first = pending {
                bytes.append(first << 4 | value)
                pending = nil
            } else {
                pending = value
            }
        }
        self.init(bytes: bytes)
    }

    /// The 20 raw bytes.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(20)
        withUnsafeBytes(of: high.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: middle.bigEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: low.bigEndian) { bytes.append(contentsOf: $0) }
        return bytes
    }

    /// 40 lower-case hex digits.
    public var description: String {
        lowercaseHex([high, middle, UInt64(low) << 32], digits: 40)
    }

    /// The first ten hex digits, for people.
    public var short: String { String(description.prefix(10)) }

    public static func < (left: Revision, right: Revision) -> Bool {
        (left.high, left.middle, left.low) < (right.high, right.middle, right.low)
    }
}
