internal import Glibc
internal import JSON

/// Finds what must never be in a document, because whoever clones the registry reads it.
package enum Secret {
    package static let reason = "A private key must not be stored in the registry."

    /// False where no string of a JSON file can hold a private key: its words are not there, and
    /// nothing is escaped.
    static func mayBeIn(file bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBufferPointer { bytes in
            place(of: backslash, in: bytes[...]) != nil
                || firstRange(of: privateKey, in: bytes[...]) != nil
        }
    }

    /// Throws at the first string that holds a private key in PEM.
    static func refuse(in value: JSONValue) throws(InvalidDocument) {
        guard isIn(value) else { return }
        throw InvalidDocument(reason, at: place(in: value), rule: .secret)
    }

    /// Whether any string of `value`, names of members included, holds a private key in PEM.
    static func isIn(_ value: JSONValue) -> Bool {
        var waiting = [value]
        while let value = waiting.popLast() {
            switch value {
            case .string(let string): if isIn(string) { return true }
            case .array(let elements): waiting += elements
            case .object(let object):
                for (name, element) in object {
                    if isIn(name) { return true }
                    waiting.append(element)
                }
            case .null, .bool, .number: break
            }
        }
        return false
    }

    static func isIn(_ text: String) -> Bool { isIn(JSONString(text)) }

    /// Whether a text holds the first line of a private key in PEM (RFC 7468, OpenSSH, PGP).
    static func isIn(_ text: JSONString) -> Bool { text.withUTF8(isIn) }

    /// The same for the bytes of any file.
    package static func isIn(_ bytes: [UInt8]) -> Bool { bytes.withUnsafeBufferPointer(isIn) }

    private static func isIn(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        guard bytes.count >= shortest else { return false }
        var start = 0
        while let begin = firstRange(of: begin, in: bytes[start...]) {
            start = begin.upperBound
            let label = bytes[start...].prefix { $0 != dash && $0 != lineFeed }
            if firstRange(of: privateKey, in: label) != nil { return true }
        }
        return false
    }

    private static func place(in value: JSONValue) -> JSONPointer {
        var waiting: [(value: JSONValue, place: JSONPointer)] = [(value, JSONPointer())]
        while let (value, place) = waiting.popLast() {
            switch value {
            case .string(let string): if isIn(string) { return place }
            case .array(let elements):
                for (index, element) in elements.enumerated().reversed() {
                    waiting.append((element, place.appending(index)))
                }
            case .object(let object):
                for (name, element) in object.members.reversed() {
                    if isIn(name) { return place }
                    waiting.append((element, place.appending(name)))
                }
            case .null, .bool, .number: break
            }
        }
        return JSONPointer()
    }

    private static func firstRange(
        of pattern: [UInt8], in bytes: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Range<Int>? {
        var rest = bytes
        while let start = place(of: pattern[0], in: rest) {
            rest = bytes[start...]
            guard rest.count >= pattern.count else { return nil }
            if rest.starts(with: pattern) { return start..<start + pattern.count }
            rest = rest.dropFirst()
        }
        return nil
    }

    private static func place(
        of byte: UInt8, in bytes: Slice<UnsafeBufferPointer<UInt8>>
    ) -> Int? {
        guard let start = UnsafeBufferPointer(rebasing: bytes).baseAddress,
            let found = memchr(start, Int32(byte), bytes.count)
        else { return nil }
        return bytes.startIndex + (UnsafeRawPointer(found) - UnsafeRawPointer(start))
    }

    private static let begin = Array("-----BEGIN ".utf8)
    private static let privateKey = Array("PRIVATE KEY".utf8)
    private static let shortest = begin.count + privateKey.count
    private static let backslash = UInt8(ascii: "\\")
    private static let dash = UInt8(ascii: "-")
    private static let lineFeed = UInt8(ascii: "\n")
}
