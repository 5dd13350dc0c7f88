/// Percent-encodes all but unreserved characters (RFC 3986, section 2.3).
func percentEncoded(_ text: String) -> String {
    encoded(text, spaceAsPlus: false)
}

/// Encodes a value as forms do: like ``percentEncoded(_:)``, with `+` for a space.
func formEncoded(_ text: String) -> String {
    encoded(text, spaceAsPlus: true)
}

private func encoded(_ text: String, spaceAsPlus: Bool) -> String {
    let digits = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count)
    for byte in text.utf8 {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "_"), UInt8(ascii: "~"):
            bytes.append(byte)
        case UInt8(ascii: " ") where spaceAsPlus:
            bytes.append(UInt8(ascii: "+"))
        default:
            bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
    return String(decoding: bytes, as: UTF8.self)
}
