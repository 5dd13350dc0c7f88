/// The value of one hex digit of either case, or nil.
package func hexValue(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
    default: nil
    }
}

/// The bytes that pairs of hex digits of either case spell; nil where the text is anything else.
package func hexBytes(_ text: some StringProtocol) -> [UInt8]? {
    let digits = text.utf8.map(hexValue)
    guard digits.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(digits.count / 2)
    for place in stride(from: 0, to: digits.count, by: 2) {
        guard let high = digits[place], let low = digits[place + 1] else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}

/// The first `digits` of the lower-case hex digits of `words`, 16 for each.
package func lowercaseHex(_ words: [UInt64], digits: Int) -> String {
    String(unsafeUninitializedCapacity: digits) { text in
        for place in 0..<digits {
            let shift = UInt64(60 - (place & 15) * 4)
            let digit = UInt8(truncatingIfNeeded: words[place >> 4] >> shift) & 15
            text[place] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
        }
        return digits
    }
}

/// Two lower-case hex digits a byte.
package func lowercaseHex(_ bytes: some Sequence<UInt8>) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(bytes.underestimatedCount * 2)
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}
