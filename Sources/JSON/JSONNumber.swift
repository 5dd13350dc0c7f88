/// A JSON number, kept as the text that was written; `1.0` and `1` are two numbers.
public struct JSONNumber: Hashable, Sendable {
    /// The text, by the grammar of RFC 8259, section 6.
    public let literal: String

    /// Takes text that is a JSON number from its first to its last character.
    public init?(literal: String) {
        let isNumber = Array(literal.utf8).withUnsafeBufferPointer { bytes in
            var position = 0
            return scanNumber(bytes, at: &position) == nil && position == bytes.count
        }
        guard isNumber else { return nil }
        self.literal = literal
    }

    public init(_ int: Int) { literal = String(int) }

    /// Takes the shortest text that reads back as `double`; nil for infinities and NaN.
    public init?(_ double: Double) {
        guard double.isFinite else { return nil }
        literal = double.description
    }

    /// Takes text that ``scanNumber(_:at:)`` has accepted.
    init(scanned literal: String) { self.literal = literal }

    /// Whether the text has neither fraction nor exponent: `1.0` and `1e2` are no integers here.
    public var isInteger: Bool {
        !literal.utf8.contains { $0 == Ascii.dot || $0 == Ascii.e || $0 == Ascii.upperE }
    }

    /// The integer, when the text is one and `Int` can hold it.
    public var int: Int? { isInteger ? Int(literal) : nil }

    /// The nearest double, or nil when that would be infinite (`1e400`).
    public var double: Double? {
        guard let double = Double(literal), double.isFinite else { return nil }
        return double
    }
}

extension JSONNumber {
    /// Whether both stand for one number, however it is written.
    public func hasSameValue(as other: JSONNumber) -> Bool {
        literal == other.literal || decimal == other.decimal
    }

    /// Sign, significant digits, and the power of ten of the first of them.
    private var decimal: Decimal {
        var digits: [UInt8] = []
        var power = 0
        var isFraction = false
        var rest = literal.utf8[...]
        let isNegative = rest.first == Ascii.minus
        if isNegative { rest = rest.dropFirst() }
        while let byte = rest.first, byte != Ascii.e, byte != Ascii.upperE {
            rest = rest.dropFirst()
            if byte == Ascii.dot {
                isFraction = true
            } else if byte == Ascii.zero, digits.isEmpty {
                if isFraction { power -= 1 }
            } else {
                digits.append(byte)
                if !isFraction { power += 1 }
            }
        }
        while digits.last == Ascii.zero { digits.removeLast() }
        guard !digits.isEmpty else { return Decimal() }
        let exponent = rest.dropFirst()
        // An exponent that no Int holds differs from every other by its text.
        guard exponent.isEmpty || Int(Substring(exponent)) != nil else {
            return Decimal(isNegative: isNegative, digits: digits, power: literal)
        }
        let (sum, _) = power.addingReportingOverflow(Int(Substring(exponent)) ?? 0)
        return Decimal(isNegative: isNegative, digits: digits, power: "\(sum)")
    }

    private struct Decimal: Equatable {
        var isNegative = false
        var digits: [UInt8] = []
        var power = ""
    }
}

/// Moves `position` behind the number that begins there.
///
/// - Returns: what is wrong at `position` when it begins none, else nil.
func scanNumber(_ bytes: UnsafeBufferPointer<UInt8>, at position: inout Int) -> String? {
    func isNext(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }
    func skipDigits() -> Bool {
        let start = position
        while position < bytes.count, Ascii.digits.contains(bytes[position]) { position += 1 }
        return position > start
    }

    if isNext(Ascii.minus) { position += 1 }
    if isNext(Ascii.zero) {
        position += 1
        if position < bytes.count, Ascii.digits.contains(bytes[position]) {
            return "a number has no leading zeros"
        }
    } else if !skipDigits() {
        return "a digit is missing"
    }
    if isNext(Ascii.dot) {
        position += 1
        guard skipDigits() else { return "a digit is missing after '.'" }
    }
    if isNext(Ascii.e) || isNext(Ascii.upperE) {
        position += 1
        if isNext(Ascii.plus) || isNext(Ascii.minus) { position += 1 }
        guard skipDigits() else { return "a digit is missing in the exponent" }
    }
    return nil
}
