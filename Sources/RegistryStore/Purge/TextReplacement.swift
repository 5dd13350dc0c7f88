internal import Glibc
internal import JSON
internal import Registry

/// Finds texts in bytes and puts others in their place, in each spelling in which files have them.
struct TextReplacement: Sendable {
    private struct Pair: Hashable {
        let needle: [UInt8]
        let replacement: [UInt8]
    }

    /// Longer ones first, so that the rest of a longer one is not left.
    private var pairs: [Pair] = []

    /// A text of many lines is also looked for line by line, because YAML indents them; shorter
    /// lines are no secrets.
    private static let shortestLine = 16

    var isEmpty: Bool { pairs.isEmpty }

    mutating func add(_ text: String, by replacement: String) {
        for spelling in Self.spellings(of: text) { insert(spelling, replacement) }
        let lines = text.split(whereSeparator: \.isNewline)
        guard lines.count > 1 else { return }
        for line in lines where line.utf8.count >= Self.shortestLine {
            for spelling in Self.spellings(of: String(line)) { insert(spelling, replacement) }
        }
    }

    private mutating func insert(_ needle: [UInt8], _ replacement: String) {
        let pair = Pair(needle: needle, replacement: Array(replacement.utf8))
        guard !needle.isEmpty, !pairs.contains(where: { $0.needle == needle }) else { return }
        pairs.append(pair)
        pairs.sort { $0.needle.count > $1.needle.count }
    }

    /// As it is, as strings of JSON may write it, and as the name of a file.
    private static func spellings(of text: String) -> [[UInt8]] {
        let plain = Array(text.utf8)
        let json = Array(JSONValue.text(text).compactBytes().dropFirst().dropLast())
        var found = [plain, json, replacing(json, "/", by: "\\/")]
        for isUpper in [false, true] {
            let ascii = ascii(json, isUpper: isUpper)
            found += [ascii, replacing(ascii, "/", by: "\\/")]
        }
        if let id = DocumentID(text) {
            // The last part of the path of a document that is called so.
            let key = DocumentKey(.devices, id)
            let path = FileLayout.path(for: key, depth: 0).dropFirst("devices/".count)
            found.append(Array(path.dropLast(".json".count).utf8))
        }
        return found
    }

    private static func replacing(_ bytes: [UInt8], _ old: Character, by new: String) -> [UInt8] {
        bytes.flatMap { $0 == old.asciiValue ? Array(new.utf8) : [$0] }
    }

    /// With everything beyond ASCII as `\u00e9`.
    private static func ascii(_ bytes: [UInt8], isUpper: Bool) -> [UInt8] {
        var text = ""
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            guard !scalar.isASCII else {
                text.unicodeScalars.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let hex = String(unit, radix: 16, uppercase: isUpper)
                text += "\\u" + String(repeating: "0", count: 4 - hex.utf8.count) + hex
            }
        }
        return Array(text.utf8)
    }

    func isIn(_ bytes: [UInt8]) -> Bool {
        pairs.contains { Self.find($0.needle, in: bytes, from: 0) != nil }
    }

    /// The bytes with everything replaced; nil where there is nothing.
    func replaced(_ bytes: [UInt8]) -> [UInt8]? {
        guard isIn(bytes) else { return nil }
        var bytes = bytes
        for pair in pairs {
            var made: [UInt8] = []
            var place = 0
            while let found = Self.find(pair.needle, in: bytes, from: place) {
                made += bytes[place..<found]
                made += pair.replacement
                place = found + pair.needle.count
            }
            if place > 0 { bytes = made + bytes[place...] }
        }
        return bytes
    }

    /// The same for a text of which nothing else is UTF-8 or not.
    func replaced(_ text: String) -> String? {
        replaced(Array(text.utf8)).map { String(decoding: $0, as: UTF8.self) }
    }

    private static func find(_ needle: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            needle.withUnsafeBytes { needle in
                guard let base = bytes.baseAddress, let wanted = needle.baseAddress,
                    let first = needle.first
                else { return nil }
                var place = start
                while bytes.count - place >= needle.count {
                    let room = bytes.count - place - needle.count + 1
                    guard let found = memchr(base + place, Int32(first), room) else { return nil }
                    place = UnsafeRawPointer(found) - base
                    if memcmp(base + place, wanted, needle.count) == 0 { return place }
                    place += 1
                }
                return nil
            }
        }
    }

    /// The needles and replacements as texts, for databases.
    var texts: [(needle: String, replacement: String)] {
        pairs.map {
            (
                String(decoding: $0.needle, as: UTF8.self),
                String(decoding: $0.replacement, as: UTF8.self)
            )
        }
    }
}
