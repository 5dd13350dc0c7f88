#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Reads members of a document in the form in which the registry writes files, without decoding it:
/// to copy those of a valid one to compact JSON, or to know what an index keeps of it.
///
/// Each step fails where the text is in any other form; then the document is decoded instead. So
/// this knows one spelling of each value and need not judge any other.
struct CanonicalText {
    private let text: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ text: UnsafeBufferPointer<UInt8>) { self.text = text }

    /// Passes `expected`, or stays and says no.
    mutating func skip(_ expected: StaticString) -> Bool {
        let count = expected.utf8CodeUnitCount
        guard count <= text.count - position, let start = text.baseAddress,
            memcmp(start + position, expected.utf8Start, count) == 0
        else { return false }
        position += count
        return true
    }

    /// Passes a string with its quotes; nil where it has an escape that the writer would not use.
    mutating func string() -> UnsafeBufferPointer<UInt8>? {
        let start = position
        guard skip("\"") else { return nil }
        while position < text.count {
            let byte = text[position]
            if byte == UInt8(ascii: "\"") {
                position += 1
                return UnsafeBufferPointer(rebasing: text[start..<position])
            }
            if byte == UInt8(ascii: "\\") {
                position += 1
                guard position < text.count, Self.isShortEscape(text[position]) else { return nil }
            }
            position += 1
        }
        return nil
    }

    /// Passes a string without escapes.
    mutating func plainString() -> UnsafeBufferPointer<UInt8>? {
        string().flatMap { $0.contains(UInt8(ascii: "\\")) ? nil : $0 }
    }

    /// Passes a string of printable ASCII without escapes.
    ///
    /// - Returns: what is between its quotes.
    mutating func printableString() -> UnsafeBufferPointer<UInt8>? {
        let quote = UInt8(ascii: "\"")
        guard position < text.count, text[position] == quote else { return nil }
        let start = position + 1
        var end = start
        while end < text.count, text[end] != quote {
            let byte = text[end]
            guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\\") else { return nil }
            end += 1
        }
        guard end < text.count else { return nil }
        position = end + 1
        return UnsafeBufferPointer(rebasing: text[start..<end])
    }

    /// Passes a uid in printable ASCII.
    mutating func id() -> DocumentID? {
        printableString().flatMap { DocumentID(String(decoding: $0, as: UTF8.self)) }
    }

    /// Passes a list of uids in printable ASCII, ascending and each once.
    mutating func ids() -> [DocumentID]? {
        if skip("[]") { return [] }
        guard skip("[\n    ") else { return nil }
        var ids: [DocumentID] = []
        repeat {
            guard let id = id(), ids.last.map({ $0 < id }) ?? true else { return nil }
            ids.append(id)
        } while skip(",\n    ")
        return skip("\n  ]") ? ids : nil
    }

    /// Whether nothing is left.
    var isAtEnd: Bool { position == text.count }

    /// Passes a moment in UTC with six digits after the point.
    mutating func moment() -> UnsafeBufferPointer<UInt8>? {
        let pattern: StaticString = "\"0000-00-00T00:00:00.000000Z\""
        guard let moment = string(), moment.count == pattern.utf8CodeUnitCount else { return nil }
        for place in moment.indices {
            let isDigit = UInt8(ascii: "0")...UInt8(ascii: "9") ~= moment[place]
            let expected = pattern.utf8Start[place]
            guard expected == UInt8(ascii: "0") ? isDigit : moment[place] == expected else {
                return nil
            }
        }
        // A leap second is written as the first of the next minute.
        return moment[18] < UInt8(ascii: "6") ? moment : nil
    }

    /// Passes a host name or an IPv4 address; IPv6 has many spellings of one address, of which only
    /// the shortest is shown.
    mutating func address() -> UnsafeBufferPointer<UInt8>? {
        plainString().flatMap { $0.contains(UInt8(ascii: ":")) ? nil : $0 }
    }

    /// Passes a list of strings, ascending and each once, and appends it where it `isWanted`.
    mutating func list(to bytes: inout [UInt8], isWanted: Bool) -> Bool {
        if isWanted { bytes.append(UInt8(ascii: "[")) }
        if !skip("[]") {
            guard skip("[\n    "), var last = plainString() else { return false }
            if isWanted { bytes += last }
            while skip(",\n    ") {
                guard let next = plainString(), Self.isLess(last, next) else { return false }
                if isWanted {
                    bytes.append(UInt8(ascii: ","))
                    bytes += next
                }
                last = next
            }
            guard skip("\n  ]") else { return false }
        }
        if isWanted { bytes.append(UInt8(ascii: "]")) }
        return true
    }

    private static func isShortEscape(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "n"), UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "t"),
            UInt8(ascii: "r"), UInt8(ascii: "b"), UInt8(ascii: "f"):
            true
        default: false
        }
    }

    /// By code point, the quotes left out: a string comes before those that it begins.
    private static func isLess(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        left.dropLast().lexicographicallyPrecedes(right.dropLast())
    }
}
