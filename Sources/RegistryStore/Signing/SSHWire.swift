/// What OpenSSH writes its keys and signatures in (RFC 4251, section 5): lengths of four bytes, the
/// highest first, before each string.
struct SSHWriter {
    private(set) var bytes: [UInt8]

    init(_ bytes: [UInt8] = []) { self.bytes = bytes }

    mutating func write(_ number: UInt32) {
        for shift in [24, 16, 8, 0] as [UInt32] {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }

    mutating func write(_ string: some Swift.Collection<UInt8>) {
        write(UInt32(truncatingIfNeeded: string.count))
        bytes += string
    }
}

/// Reads the same; everything gives nil where the bytes end too early.
struct SSHReader {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func number() -> UInt32? {
        bytes(4)?.reduce(0) { $0 << 8 | UInt32($1) }
    }

    mutating func string() -> [UInt8]? {
        number().flatMap { Int(exactly: $0) }.flatMap { bytes($0) }
    }

    mutating func text() -> String? {
        string().flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// Passes over these very bytes.
    mutating func skip(_ expected: some Swift.Collection<UInt8>) -> Bool {
        bytes(expected.count)?.elementsEqual(expected) ?? false
    }

    private mutating func bytes(_ count: Int) -> [UInt8]? {
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return Array(rest.prefix(count))
    }
}
