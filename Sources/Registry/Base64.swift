/// Decodes base64 (RFC 4648, section 4); nil where it is none.
///
/// - Parameter allowsSpace: white space may stand anywhere.
package func base64Bytes(_ text: some Sequence<UInt8>, allowsSpace: Bool = true) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (bits, count, padding) = (0 as UInt32, 0, 0)
    for byte in text {
        switch byte {
        case 0x20 where allowsSpace, 0x09...0x0D where allowsSpace: continue
        case UInt8(ascii: "="): padding += 1
        default:
            guard padding == 0, let digit = base64Digit(byte) else { return nil }
            bits = bits << 6 | UInt32(digit)
            count += 1
            switch count % 4 {
            case 1: break
            case 2: bytes.append(UInt8(truncatingIfNeeded: bits >> 4))
            case 3: bytes.append(UInt8(truncatingIfNeeded: bits >> 2))
            default: bytes.append(UInt8(truncatingIfNeeded: bits))
            }
        }
    }
    return (count + padding) % 4 == 0 && padding <= 2 ? bytes : nil
}

/// Decodes base64url without padding (RFC 4648, section 5; RFC 7515, section 2); nil where it is none.
package func base64URLBytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var standard: [UInt8] = []
    for byte in text {
        switch byte {
        case UInt8(ascii: "-"): standard.append(UInt8(ascii: "+"))
        case UInt8(ascii: "_"): standard.append(UInt8(ascii: "/"))
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="): return nil
        default: standard.append(byte)
        }
    }
    let padding = repeatElement(UInt8(ascii: "="), count: (4 - standard.count % 4) % 4)
    return base64Bytes(standard + padding, allowsSpace: false)
}

/// Base64 (RFC 4648, section 4) in one line, padded.
package func base64Text(_ bytes: some Swift.Collection<UInt8>) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((bytes.count + 2) / 3 * 4)
    var rest = bytes[...]
    while !rest.isEmpty {
        let group = Array(rest.prefix(3))
        rest = rest.dropFirst(3)
        let bits =
            group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
        for place in 0..<4 {
            let digit = Int(bits >> UInt32(18 - 6 * place)) & 63
            text.append(place <= group.count ? alphabet[digit] : UInt8(ascii: "="))
        }
    }
    return String(decoding: text, as: UTF8.self)
}

private func base64Digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - UInt8(ascii: "A")
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - UInt8(ascii: "a") + 26
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0") + 52
    case UInt8(ascii: "+"): 62
    case UInt8(ascii: "/"): 63
    default: nil
    }
}
