internal import Glibc

/// One address, or all that share its first bits: `10.0.0.0/8`, `fd00::/8`, `192.0.2.7`.
public struct AddressBlock: Hashable, Sendable, CustomStringConvertible {
    private let bytes: [UInt8]
    private let bits: Int
    public let description: String

    /// Reads CIDR notation (RFC 4632, RFC 4291); nil where it is none.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first, let bytes = Self.addressBytes(String(address)) else {
            return nil
        }
        var bits = bytes.count * 8
        if parts.count == 2 {
            guard let given = Int(parts[1]), (0...bits).contains(given) else { return nil }
            bits = given
        }
        self.bytes = bytes
        self.bits = bits
        description = text
    }

    /// Whether the textual `address` lies in the block; an IPv4 address mapped into IPv6 counts as
    /// the IPv4 address.
    public func contains(_ address: String) -> Bool {
        guard let other = Self.addressBytes(address), other.count == bytes.count else {
            return false
        }
        return (0..<bits).allSatisfy { bit in
            let mask = 0x80 as UInt8 >> UInt8(bit % 8)
            return (bytes[bit / 8] ^ other[bit / 8]) & mask == 0
        }
    }

    /// Where connections of this same machine come from.
    public static let loopback = ["127.0.0.0/8", "::1"].compactMap(AddressBlock.init)

    /// What one client has of addresses at least, in hex: an IPv4 address, or the first 64 bits of an
    /// IPv6 address; other text as it is.
    package static func network(of address: String) -> String {
        addressBytes(address).map { lowercaseHex($0.prefix(8)) } ?? address
    }

    /// 4 or 16 bytes.
    private static func addressBytes(_ text: String) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes[..<4]) }
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
        let isMapped = bytes.starts(with: Array(repeating: 0, count: 10) + [0xFF, 0xFF])
        return isMapped ? Array(bytes[12...]) : bytes
    }
}
