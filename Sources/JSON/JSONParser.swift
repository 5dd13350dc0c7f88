/// One pass over a JSON text.
///
/// Open arrays and objects are kept in a list, not on the call stack, and their parts in two more:
/// depth costs no stack, and each array is made once, in its final size.
struct JSONParser {
    private struct Container {
        let isObject: Bool
        /// Where its parts begin in `elements` or `members`.
        let start: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let options: JSONReadingOptions
    private var position = 0
    private var valueCount = 0
    private var open: [Container] = []
    private var elements: [JSONValue] = []
    private var members: [JSONObject.Element] = []
    /// Where each of `members` begins; kept only when duplicates are refused, for their error.
    private var memberOffsets: [Int] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, options: JSONReadingOptions) {
        self.bytes = bytes
        self.options = options
        members.reserveCapacity(16)
        elements.reserveCapacity(8)
    }

    mutating func parseText() throws(JSONSyntaxError) -> JSONValue {
        try checkEncoding()
        while true {
            guard var value = try beginValue() else { continue }
            repeat {
                skipWhiteSpace()
                guard let container = open.last else {
                    guard position == bytes.count else { throw unexpected("after the end") }
                    return value
                }
                add(value, to: container)
                guard let complete = try endOfPart(of: container) else { break }
                value = complete
            } while true
        }
    }

    /// Reads a scalar or an empty container, or opens a container and returns nil.
    private mutating func beginValue() throws(JSONSyntaxError) -> JSONValue? {
        skipWhiteSpace()
        valueCount += 1
        guard valueCount <= options.maximumValues else {
            throw error("more than \(options.maximumValues) values", .size)
        }
        switch current {
        case Ascii.quote: return .string(try string())
        case Ascii.minus, Ascii.digits: return .number(try number())
        case Ascii.openBrace: return try openObject()
        case Ascii.openBracket: return try openArray()
        case Ascii.t: return try word("true", .bool(true))
        case Ascii.f: return try word("false", .bool(false))
        case Ascii.n: return try word("null", .null)
        default: throw unexpected("instead of a value")
        }
    }

    // MARK: Arrays and objects

    private mutating func openArray() throws(JSONSyntaxError) -> JSONValue? {
        try push(Container(isObject: false, start: elements.count))
        guard current == Ascii.closeBracket else { return nil }
        position += 1
        open.removeLast()
        return .array([])
    }

    private mutating func openObject() throws(JSONSyntaxError) -> JSONValue? {
        try push(Container(isObject: true, start: members.count))
        guard current == Ascii.closeBrace else {
            try name()
            return nil
        }
        position += 1
        open.removeLast()
        return .object(JSONObject())
    }

    private mutating func push(_ container: Container) throws(JSONSyntaxError) {
        guard open.count < options.maximumDepth else {
            throw error("nested deeper than \(options.maximumDepth) levels", .depth)
        }
        open.append(container)
        position += 1
        skipWhiteSpace()
    }

    /// Reads a member's name and colon; the member waits for its value at the end of `members`.
    private mutating func name() throws(JSONSyntaxError) {
        guard current == Ascii.quote else { throw unexpected("instead of a member name") }
        if options.duplicateMembers == .refused { memberOffsets.append(position) }
        members.append((try string(), .null))
        skipWhiteSpace()
        guard current == Ascii.colon else { throw unexpected("instead of ':'") }
        position += 1
    }

    private mutating func add(_ value: JSONValue, to container: Container) {
        if container.isObject {
            members[members.count - 1].value = value
        } else {
            elements.append(value)
        }
    }

    /// Reads the comma behind an element or member, or the end of its container.
    ///
    /// - Returns: the container when it is complete, else nil.
    private mutating func endOfPart(
        of container: Container
    ) throws(JSONSyntaxError) -> JSONValue? {
        switch (current, container.isObject) {
        case (Ascii.comma, _):
            position += 1
            guard container.isObject else { return nil }
            skipWhiteSpace()
            try name()
            return nil
        case (Ascii.closeBracket, false):
            position += 1
            open.removeLast()
            return .array(elements.take(from: container.start))
        case (Ascii.closeBrace, true):
            let object = try takeObject(from: container.start)
            position += 1
            open.removeLast()
            return .object(object)
        case (_, true): throw unexpected("instead of ',' or '}'")
        case (_, false): throw unexpected("instead of ',' or ']'")
        }
    }

    private mutating func takeObject(from start: Int) throws(JSONSyntaxError) -> JSONObject {
        let parts = members.take(from: start)
        let object = JSONObject(parts: parts)
        if options.duplicateMembers == .refused {
            let offsets = memberOffsets.take(from: start)
            if object.count < parts.count { throw duplicate(among: parts, at: offsets) }
        }
        return object
    }

    private func duplicate(
        among parts: [JSONObject.Element], at offsets: [Int]
    ) -> JSONSyntaxError {
        var seen: Set<JSONString> = []
        let index = parts.firstIndex { !seen.insert($0.name).inserted } ?? 0
        let name = parts[index].name
        return error(
            "member \(JSONValue.string(name)) occurs twice", .duplicateMember(name),
            at: offsets[index])
    }

    // MARK: Scalars

    private mutating func word(
        _ word: String, _ value: JSONValue
    ) throws(JSONSyntaxError) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else {
            throw unexpected("instead of a value")
        }
        position += word.utf8.count
        return value
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONNumber {
        let start = position
        if let problem = scanNumber(bytes, at: &position) { throw error(problem) }
        return JSONNumber(scanned: text(from: start))
    }

    private mutating func string() throws(JSONSyntaxError) -> JSONString {
        let quote = position
        position += 1
        while position < bytes.count {
            switch bytes[position] {
            case Ascii.quote:
                defer { position += 1 }
                return JSONString(text(from: quote + 1))
            case Ascii.backslash: return try stringWithEscapes(from: quote)
            case 0..<Ascii.space: throw unexpected("in a string")
            default: position += 1
            }
        }
        throw unterminatedString(from: quote)
    }

    /// Reads on from the first escape of the string that begins at `quote`.
    private mutating func stringWithEscapes(
        from quote: Int
    ) throws(JSONSyntaxError) -> JSONString {
        var unescaped = Array(bytes[quote + 1..<position])
        var hasLoneSurrogate = false
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case Ascii.quote:
                position += 1
                return hasLoneSurrogate
                    ? JSONString(loneSurrogatesIn: unescaped)
                    : JSONString(String(decoding: unescaped, as: UTF8.self))
            case Ascii.backslash:
                if try !escape(into: &unescaped) { hasLoneSurrogate = true }
            case 0..<Ascii.space: throw unexpected("in a string")
            default:
                unescaped.append(byte)
                position += 1
            }
        }
        throw unterminatedString(from: quote)
    }

    /// Reads one escape, or the two of a surrogate pair.
    ///
    /// - Returns: false when it is a lone surrogate.
    private mutating func escape(into text: inout [UInt8]) throws(JSONSyntaxError) -> Bool {
        let start = position
        position += 1
        switch current {
        case Ascii.quote, Ascii.backslash, Ascii.slash: text.append(current)
        case Ascii.b: text.append(Ascii.backspace)
        case Ascii.f: text.append(Ascii.formFeed)
        case Ascii.n: text.append(Ascii.lineFeed)
        case Ascii.r: text.append(Ascii.carriageReturn)
        case Ascii.t: text.append(Ascii.tab)
        case Ascii.u: return try unicodeEscape(from: start, into: &text)
        default: throw unexpected("after '\\'")
        }
        position += 1
        return true
    }

    private mutating func unicodeEscape(
        from start: Int, into text: inout [UInt8]
    ) throws(JSONSyntaxError) -> Bool {
        guard let unit = codeUnit(escapedAt: start) else {
            throw error("'\\u' without four hexadecimal digits", at: start)
        }
        position = start + 6
        guard 0xD800...0xDFFF ~= unit else {
            appendCodePoint(UInt32(unit), to: &text)
            return true
        }
        if unit < 0xDC00, let low = codeUnit(escapedAt: position), 0xDC00...0xDFFF ~= low {
            position += 6
            appendCodePoint(0x10000 + UInt32(unit & 0x3FF) << 10 + UInt32(low & 0x3FF), to: &text)
            return true
        }
        guard options.loneSurrogates == .held else {
            let name = "U+" + String(unit, radix: 16, uppercase: true)
            throw error("lone surrogate \(name)", .loneSurrogate(unit), at: start)
        }
        appendCodePoint(UInt32(unit), to: &text)
        return false
    }

    /// The code unit of a `\uXXXX` that begins at `start`.
    private func codeUnit(escapedAt start: Int) -> UInt16? {
        guard start + 6 <= bytes.count, bytes[start] == Ascii.backslash,
            bytes[start + 1] == Ascii.u
        else { return nil }
        var unit: UInt16 = 0
        for byte in bytes[start + 2..<start + 6] {
            guard let digit = hexDigitValue(byte) else { return nil }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    // MARK: Bytes

    private func checkEncoding() throws(JSONSyntaxError) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw error("unexpected byte order mark", at: 0)
        }
        do throws(Unicode.UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span)
        } catch let invalid {
            throw error("bytes that are not UTF-8", .notUTF8, at: invalid.byteOffsets.lowerBound)
        }
    }

    /// The byte at `position`; at the end a zero, which no rule of the grammar accepts.
    private var current: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private mutating func skipWhiteSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case Ascii.space, Ascii.lineFeed, Ascii.carriageReturn, Ascii.tab: position += 1
            default: return
            }
        }
    }

    private func text(from start: Int) -> String {
        String(decoding: bytes[start..<position], as: UTF8.self)
    }

    // MARK: Errors

    private func unexpected(_ place: String) -> JSONSyntaxError {
        guard position < bytes.count else { return error("unexpected end of text \(place)") }
        return error("unexpected \(tokenText(at: position)) \(place)")
    }

    /// The word or the character at `start`, for people.
    private func tokenText(at start: Int) -> String {
        let rest = bytes[start...]
        let word = rest.prefix(20).prefix { isLetter($0) }
        if word.count > 1 { return "'\(String(decoding: word, as: UTF8.self))'" }
        let character = rest.prefix(1) + rest.dropFirst().prefix(3).prefix(while: isContinuation)
        let scalar = String(decoding: character, as: UTF8.self).unicodeScalars.first ?? " "
        let isVisible =
            switch scalar.properties.generalCategory {
            case .control, .format, .spaceSeparator, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        guard !isVisible else { return "'\(scalar)'" }
        let hex = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
    }

    private func unterminatedString(from quote: Int) -> JSONSyntaxError {
        error("unterminated string that begins", at: quote)
    }

    private func error(
        _ reason: String, _ kind: JSONSyntaxError.Kind = .syntax, at offset: Int? = nil
    ) -> JSONSyntaxError {
        JSONSyntaxError(kind, reason, at: offset ?? position, in: bytes)
    }
}

extension Array {
    /// Moves the elements from `start` on to an array that has room for them and no more.
    fileprivate mutating func take(from start: Int) -> [Element] {
        var taken: [Element] = []
        taken.reserveCapacity(count - start)
        // `Array(self[start...])` may share the buffer, and keep all of it alive.
        taken += self[start...]
        removeLast(count - start)
        return taken
    }
}
