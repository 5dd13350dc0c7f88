/// Where a device is reached: an IP address in its shortest form, or a host name.
public struct Address: Hashable, Sendable, CustomStringConvertible {
    public let text: String

    /// Reads an IPv4 address, an IPv6 address (RFC 4291) or a host name (RFC 1123).
    ///
    /// Spaces around and a zone are cut. IPv6 is written as RFC 5952 says, IPv4-mapped as IPv4.
    public init?(parsing text: String) {
        let bytes = Array(text.trimmingSpaces().utf8)
        if Self.ipv4(bytes[...]) != nil {
            self.text = String(decoding: bytes, as: UTF8.self)
        } else if bytes.contains(UInt8(ascii: ":")) {
            let parts = bytes.split(
                separator: UInt8(ascii: "%"), maxSplits: 1, omittingEmptySubsequences: false)
            guard let groups = Self.ipv6(parts[0]), parts.count == 1 || Self.isZone(parts[1]) else {
                return nil
            }
            self.text = Self.shortest(groups)
        } else if Self.isHostName(bytes) {
            self.text = String(decoding: bytes, as: UTF8.self)
        } else {
            return nil
        }
    }

    public var description: String { text }

    /// Whether text is an IPv4 or IPv6 address as it stands: no host name, no zone, no spaces.
    static func isNumeric(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return ipv4(bytes[...]) != nil
            || bytes.contains(UInt8(ascii: ":")) && ipv6(bytes[...]) != nil
    }

    /// Whether text is an IPv4 address or a host name, which have one form each; ``init(parsing:)``
    /// takes it as it is.
    static func isIPv4OrName(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        ipv4(text) != nil || isHostName(text)
    }

    /// Four decimal numbers without leading zeros.
    private static func ipv4(_ bytes: some Sequence<UInt8>) -> SIMD4<UInt8>? {
        var address = SIMD4<UInt8>()
        var (place, number, digits) = (0, 0, 0)
        for byte in bytes {
            if byte == UInt8(ascii: ".") {
                guard digits > 0, place < 3 else { return nil }
                address[place] = UInt8(number)
                (place, number, digits) = (place + 1, 0, 0)
            } else {
                guard isDigit(byte), digits == 0 || number > 0 else { return nil }
                number = number * 10 + Int(byte - UInt8(ascii: "0"))
                digits += 1
                guard number <= 255 else { return nil }
            }
        }
        guard digits > 0, place == 3 else { return nil }
        address[place] = UInt8(number)
        return address
    }

    /// Eight groups; at most one `::`, and the last two groups may be written as IPv4.
    private static func ipv6(_ bytes: ArraySlice<UInt8>) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        let gaps = bytes.indices.dropLast().filter { bytes[$0] == colon && bytes[$0 + 1] == colon }
        guard let gap = gaps.first else {
            return groups(bytes).flatMap { $0.count == 8 ? $0 : nil }
        }
        guard gaps.count == 1 else { return nil }
        let (left, right) = (bytes[..<gap], bytes[(gap + 2)...])
        guard let head = left.isEmpty ? [] : groups(left, mayEndInIPv4: false),
            let tail = right.isEmpty ? [] : groups(right), head.count + tail.count <= 7
        else { return nil }
        return head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail
    }

    private static func groups(
        _ bytes: ArraySlice<UInt8>, mayEndInIPv4: Bool = true
    ) -> [UInt16]? {
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if mayEndInIPv4, index == parts.count - 1, let address = ipv4(part) {
                groups.append(UInt16(address[0]) << 8 | UInt16(address[1]))
                groups.append(UInt16(address[2]) << 8 | UInt16(address[3]))
                continue
            }
            guard (1...4).contains(part.count), part.allSatisfy({ hexValue($0) != nil }),
                let group = UInt16(String(decoding: part, as: UTF8.self), radix: 16)
            else { return nil }
            groups.append(group)
        }
        return groups
    }

    private static func shortest(_ groups: [UInt16]) -> String {
        if groups[..<5].allSatisfy({ $0 == 0 }), groups[5] == 0xFFFF {
            return groups[6...].flatMap { [String($0 >> 8), String($0 & 0xFF)] }
                .joined(separator: ".")
        }
        let gap = longestZeros(groups)
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard gap.count > 1 else { return text(groups[...]) }
        return text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    /// The first of the longest runs of zeros.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 }
            if index + 1 - start > longest.count { longest = start..<index + 1 }
        }
        return longest
    }

    private static func isZone(_ bytes: ArraySlice<UInt8>) -> Bool {
        !bytes.isEmpty && bytes.allSatisfy { $0 > 0x20 && $0 != 0x7F }
    }

    /// Labels of letters, digits and inner hyphens; the last one is no number.
    private static func isHostName(_ bytes: some Swift.Collection<UInt8>) -> Bool {
        guard (1...253).contains(bytes.count) else { return false }
        let (dot, hyphen) = (UInt8(ascii: "."), UInt8(ascii: "-"))
        var (length, last, isNumber) = (0, dot, true)
        for byte in bytes {
            if byte == dot {
                guard (1...63).contains(length), last != hyphen else { return false }
                (length, isNumber) = (0, true)
            } else {
                guard isDigit(byte) || isLetter(byte) || byte == hyphen && length > 0 else {
                    return false
                }
                length += 1
                if !isDigit(byte) { isNumber = false }
            }
            last = byte
        }
        return (1...63).contains(length) && last != hyphen && !isNumber
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }
}

extension String {
    /// The text without the white space at both ends, as Python's `str.strip` understands it.
    func trimmingSpaces() -> String {
        let isText: (Unicode.Scalar) -> Bool = { !$0.isSpace }
        if let first = unicodeScalars.first, let last = unicodeScalars.last, isText(first),
            isText(last)
        {
            return self
        }
        guard let first = unicodeScalars.firstIndex(where: isText),
            let last = unicodeScalars.lastIndex(where: isText)
        else { return "" }
        return String(unicodeScalars[first...last])
    }
}

extension Unicode.Scalar {
    /// Unicode white space, and U+001C to U+001F.
    var isSpace: Bool {
        // What is looked up takes its time.
        guard !isASCII else {
            return value == 0x20 || (0x09...0x0D).contains(value) || (0x1C...0x1F).contains(value)
        }
        return properties.isWhitespace
    }
}
