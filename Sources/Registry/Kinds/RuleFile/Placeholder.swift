/// `%%name%%`, which stands for a value in templates; spaces inside the percent signs are allowed.
enum Placeholder {
    /// The only name that templates may use: the device's uid.
    static let deviceUID = "juju_device_uuid"

    /// A text cut at its placeholders: `parts` has one element more than `names`.
    struct Cut {
        var parts: [String] = []
        var names: [String] = []
    }

    static func isIn(_ text: String) -> Bool {
        text.utf8.contains(percent) && !cut(text).names.isEmpty
    }

    static func cut(_ text: String) -> Cut {
        let bytes = Array(text.utf8)
        var cut = Cut()
        var (start, index) = (0, 0)
        while index + 1 < bytes.count {
            guard bytes[index] == percent, let (name, end) = name(in: bytes, from: index) else {
                index += 1
                continue
            }
            cut.parts.append(String(decoding: bytes[start..<index], as: UTF8.self))
            cut.names.append(name)
            (start, index) = (end, end)
        }
        cut.parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return cut
    }

    /// The name of the placeholder that begins at `start`, and the place behind it.
    private static func name(in bytes: [UInt8], from start: Int) -> (name: String, end: Int)? {
        func skipSpaces(_ index: inout Int) {
            while index < bytes.count, bytes[index] == 0x20 || (0x09...0x0D).contains(bytes[index])
            {
                index += 1
            }
        }
        func isPercents(_ index: Int) -> Bool {
            index + 1 < bytes.count && bytes[index] == percent && bytes[index + 1] == percent
        }
        guard isPercents(start) else { return nil }
        var first = start + 2
        skipSpaces(&first)
        var end = first
        while end < bytes.count, isIdentifier(bytes[end], isFirst: end == first) { end += 1 }
        guard end > first else { return nil }
        let name = String(decoding: bytes[first..<end], as: UTF8.self)
        skipSpaces(&end)
        return isPercents(end) ? (name, end + 2) : nil
    }

    private static func isIdentifier(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "_"):
            true
        case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
        default: false
        }
    }

    private static let percent = UInt8(ascii: "%")
}
