/// How a uid is spelled as a file name, and the only way it is.
///
/// Bytes outside `A-Z a-z 0-9 . _ -` are percent-encoded in upper case, and so is a leading or
/// trailing dot and the first byte of a name that Windows keeps for a device. What does not fit
/// into 200 bytes goes on in a folder whose name ends in `%`, by the same rules.
enum FileName {
    /// The most bytes that one component takes, without suffix and `%`.
    static let maximumBytes = 200

    /// The folders that a long name goes through, and the last part of the name.
    static func components(of id: DocumentID) -> [String] {
        if isVerbatim(id.text.utf8) { return [id.text] }
        var rest = Array(id.text.utf8)[...]
        var components: [String] = []
        while true {
            let part = firstPart(of: &rest)
            if rest.isEmpty { return components + [part] }
            components.append(part + "%")
        }
    }

    /// The last part of the name, which is the file's.
    static func lastComponent(of id: DocumentID) -> String {
        isVerbatim(id.text.utf8) ? id.text : components(of: id).last ?? id.text
    }

    /// Whether a uid of these bytes is its own file name.
    static func isVerbatim(_ bytes: some BidirectionalCollection<UInt8>) -> Bool {
        bytes.count <= maximumBytes && bytes.allSatisfy(isSafe) && bytes.first != dot
            && bytes.last != dot && !bytes.isEmpty && !isDeviceName(bytes)
    }

    /// The uid that `components` spell, whether or not they are the right spelling.
    static func decode(_ components: some Sequence<Substring.UTF8View>) -> DocumentID? {
        var bytes: [UInt8] = []
        for component in components {
            var digits = Array(component)[...]
            if digits.last == percent { digits.removeLast() }
            while let byte = digits.popFirst() {
                guard byte == percent else {
                    bytes.append(byte)
                    continue
                }
                guard let high = digits.popFirst().flatMap(hexValue),
                    let low = digits.popFirst().flatMap(hexValue)
                else { return nil }
                bytes.append(high << 4 | low)
            }
        }
        return String(validating: bytes, as: UTF8.self).flatMap(DocumentID.init)
    }

    /// Takes as many whole bytes or escapes off `rest` as fit into one component.
    private static func firstPart(of rest: inout ArraySlice<UInt8>) -> String {
        var part: [UInt8] = []
        let startsDeviceName = isDeviceName(rest)
        while let byte = rest.first {
            let isLeading = part.isEmpty && (byte == dot || startsDeviceName)
            let isTrailing = rest.count == 1 && byte == dot
            let isPlain = isSafe(byte) && !isLeading && !isTrailing
            guard part.count + (isPlain ? 1 : 3) <= maximumBytes else { break }
            if isPlain {
                part.append(byte)
            } else {
                part.append(percent)
                part.append(contentsOf: lowercaseHex(CollectionOfOne(byte)).uppercased().utf8)
            }
            rest.removeFirst()
        }
        return String(decoding: part, as: UTF8.self)
    }

    private static func isSafe(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), dot, UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// Whether Windows takes the part before the first dot for a device.
    private static func isDeviceName(_ name: some Swift.Collection<UInt8>) -> Bool {
        let stem = name.prefix(6).prefix { $0 != dot }
        guard (3...5).contains(stem.count) else { return false }
        let lowercase = stem.map { $0 | 0x20 }
        switch String(decoding: lowercase.prefix(3), as: UTF8.self) {
        case "con", "prn", "aux", "nul": return stem.count == 3
        case "com", "lpt": return portNumbers.contains { $0.elementsEqual(stem.dropFirst(3)) }
        default: return false
        }
    }

    private static let portNumbers =
        ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "¹", "²", "³"].map { Array($0.utf8) }
    private static let dot = UInt8(ascii: ".")
    private static let percent = UInt8(ascii: "%")
}
