/// The text of a JSON string, which may hold lone surrogates.
///
/// Equal and hashed by its bytes, never by canonical equivalence as `String` is; ordered by code
/// point.
public struct JSONString: Sendable {
    /// `wtf8` is used only for text that holds a lone surrogate, so each text has one storage.
    @usableFromInline
    enum Storage: Sendable {
        case text(String)
        case wtf8([UInt8])
    }

    @usableFromInline
    let storage: Storage

    public init(_ text: String) { storage = .text(text) }

    /// Takes bytes in WTF-8, of which at least one sequence is a lone surrogate.
    init(loneSurrogatesIn bytes: [UInt8]) { storage = .wtf8(bytes) }

    /// The text, or nil when it holds a lone surrogate.
    public var string: String? {
        switch storage {
        case .text(let text): text
        case .wtf8: nil
        }
    }

    /// The first lone surrogate, as its UTF-16 code unit.
    public var firstLoneSurrogate: UInt16? {
        guard case .wtf8(let bytes) = storage else { return nil }
        return bytes.indices.lazy.compactMap { loneSurrogate(in: bytes, at: $0) }.first
    }

    /// How many code points the text has; a lone surrogate counts as one.
    public var unicodeScalarCount: Int {
        withUTF8 { bytes in
            var count = 0
            for byte in bytes where !isContinuation(byte) { count += 1 }
            return count
        }
    }

    public var isEmpty: Bool { withUTF8 { $0.isEmpty } }

    /// A number that differs for most different texts.
    var fingerprint: UInt64 {
        withUTF8 { bytes in
            var fingerprint = UInt64(bytes.count)
            for byte in bytes { fingerprint = (fingerprint ^ UInt64(byte)) &* 0x100_0000_01B3 }
            return fingerprint
        }
    }

    /// The bytes of the text: UTF-8, with each lone surrogate as three bytes (WTF-8).
    public var wtf8: [UInt8] {
        switch storage {
        case .text(let text): Array(text.utf8)
        case .wtf8(let bytes): bytes
        }
    }

    /// Calls `body` with the bytes that ``wtf8`` copies; they are valid during the call only.
    @inlinable
    public func withUTF8<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        switch storage {
        case .wtf8(let bytes): return try bytes.withUnsafeBufferPointer(body)
        case .text(let text):
            if let result = try text.utf8.withContiguousStorageIfAvailable(body) { return result }
            return try Array(text.utf8).withUnsafeBufferPointer(body)
        }
    }
}

extension JSONString: Hashable, Comparable {
    public static func == (left: JSONString, right: JSONString) -> Bool {
        // Most differ in length, which a text knows without being looked at.
        if case .text(let left) = left.storage, case .text(let right) = right.storage,
            left.utf8.count != right.utf8.count
        {
            return false
        }
        return left.withUTF8 { left in
            right.withUTF8 { right in
                guard left.count == right.count else { return false }
                for index in left.indices where left[index] != right[index] { return false }
                return true
            }
        }
    }

    public func hash(into hasher: inout Hasher) {
        withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        hasher.combine(0xFF as UInt8)
    }

    public static func < (left: JSONString, right: JSONString) -> Bool {
        left.withUTF8 { left in right.withUTF8 { left.lexicographicallyPrecedes($0) } }
    }
}

extension JSONString: ExpressibleByStringInterpolation, CustomStringConvertible {
    public init(stringLiteral text: String) { self.init(text) }

    /// The text, with U+FFFD for each lone surrogate.
    public var description: String {
        guard case .wtf8(var bytes) = storage else { return string ?? "" }
        for index in bytes.indices where loneSurrogate(in: bytes, at: index) != nil {
            bytes.replaceSubrange(index...index + 2, with: "\u{FFFD}".utf8)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The surrogate that begins at `index` of WTF-8 text, as its UTF-16 code unit.
func loneSurrogate<Bytes: RandomAccessCollection>(in bytes: Bytes, at index: Int) -> UInt16?
where Bytes.Element == UInt8, Bytes.Index == Int {
    guard bytes[index] == 0xED, index + 2 < bytes.endIndex, bytes[index + 1] >= 0xA0 else {
        return nil
    }
    return 0xD000 | UInt16(bytes[index + 1] & 0x3F) << 6 | UInt16(bytes[index + 2] & 0x3F)
}

/// Appends a code point as UTF-8; a surrogate becomes three bytes, as in WTF-8.
func appendCodePoint(_ codePoint: UInt32, to bytes: inout [UInt8]) {
    func append(_ lead: UInt32, shift: UInt32) {
        bytes.append(UInt8(truncatingIfNeeded: lead | codePoint >> shift))
    }
    func appendContinuation(shift: UInt32) {
        bytes.append(UInt8(truncatingIfNeeded: 0x80 | codePoint >> shift & 0x3F))
    }
    switch codePoint {
    case ..<0x80: append(0, shift: 0)
    case ..<0x800: append(0xC0, shift: 6)
    case ..<0x10000:
        append(0xE0, shift: 12)
        appendContinuation(shift: 6)
    default:
        append(0xF0, shift: 18)
        appendContinuation(shift: 12)
        appendContinuation(shift: 6)
    }
    if codePoint >= 0x80 { appendContinuation(shift: 0) }
}
