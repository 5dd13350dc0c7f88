/// Refuses text that would cost a reader without limits of its own its stack or its time.
///
/// The YAML library calls itself once a level, and hashes every key with all that its aliases stand
/// for. So this looks at the bytes before it does: never too low, sometimes too high.
struct YAMLNesting {
    private let bytes: [UInt8]

    /// The deepest column at which a block level may begin; two levels can share a column.
    private static let maximumColumn = 500
    /// How many scalars the keys of a text may hash to, aliases expanded.
    private static let maximumKeyCost = 500_000

    init(_ text: String) { bytes = Array(text.utf8) }

    func check() throws(YAMLError) {
        try checkIndentation()
        var line = 1
        for (index, byte) in bytes.enumerated() {
            if byte == UInt8(ascii: "\n") { line += 1 }
            guard byte == UInt8(ascii: "[") || byte == UInt8(ascii: "{"), mayBeginFlow(at: index)
            else { continue }
            guard !isTooDeep(from: index) else {
                let maximum = YAMLValue.maximumDepth
                throw YAMLError("brackets nested more than \(maximum) deep", line: line)
            }
        }
        try checkKeys()
    }

    /// A block level begins behind spaces and indicators only.
    private func checkIndentation() throws(YAMLError) {
        var (line, column, isPrefix) = (1, 0, true)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"):
                if byte == UInt8(ascii: "\n") { line += 1 }
                (column, isPrefix) = (0, true)
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"):
                column += 1
                guard !isPrefix || column <= Self.maximumColumn else {
                    throw YAMLError("indented more than \(Self.maximumColumn) columns", line: line)
                }
            default: isPrefix = false
            }
        }
    }

    /// Whether a bracket in block context could begin a flow collection: at the start of a line,
    /// behind an indicator and a space, or behind a tag or an anchor.
    private func mayBeginFlow(at index: Int) -> Bool {
        guard index > 0 else { return true }
        guard isSpace(bytes[index - 1]) || bytes[index - 1] >= 0x80 else { return false }
        var last = index - 1
        while last >= 0, bytes[last] == 0x20 || bytes[last] == 0x09 { last -= 1 }
        guard last >= 0, !isSpace(bytes[last]) else { return true }
        if bytes[last] >= 0x80 || ":-?".utf8.contains(bytes[last]) { return true }
        while last >= 0, !isSpace(bytes[last]) {
            if bytes[last] == UInt8(ascii: "&") || bytes[last] == UInt8(ascii: "!") { return true }
            last -= 1
        }
        return false
    }

    /// Whether too many brackets are open at once if a flow collection begins at `start`.
    ///
    /// Inside one, what is a bracket is exact; whether one begins is not (it may be text), so each
    /// is tried.
    private func isTooDeep(from start: Int) -> Bool {
        var scanner = FlowScanner(bytes: bytes, position: start)
        while let depth = scanner.next() {
            if depth > YAMLValue.maximumDepth { return true }
            if depth == 0 { return false }
        }
        return false
    }

    /// Each key is hashed with what its aliases stand for, which can triple with three aliases.
    private func checkKeys() throws(YAMLError) {
        var (aliases, anchors, hasComplexKeys) = (0, 0, false)
        var previous = UInt8(ascii: " ")
        for (index, byte) in bytes.enumerated() {
            let next = index + 1 < bytes.count ? bytes[index + 1] : UInt8(ascii: " ")
            switch byte {
            case UInt8(ascii: "*") where isWord(next) && !isWord(previous): aliases += 1
            case UInt8(ascii: "&") where isWord(next) && !isWord(previous): anchors += 1
            case UInt8(ascii: "?"): hasComplexKeys = true
            case UInt8(ascii: ":"):
                hasComplexKeys = hasComplexKeys || isBehindBracketOrAlias(index)
            default: break
            }
            previous = byte
        }
        guard hasComplexKeys, anchors > 0, aliases > 0 else { return }
        var cost = bytes.count
        for _ in 0..<aliases / 3 where cost <= Self.maximumKeyCost { cost *= 3 }
        guard cost <= Self.maximumKeyCost else {
            throw YAMLError("too many aliases for a text with keys that are no scalars")
        }
    }

    /// A key before `:` has at most 1,024 characters.
    private func isBehindBracketOrAlias(_ index: Int) -> Bool {
        let before = bytes[..<index].suffix(1100).reversed().drop { isSpace($0) }
        guard let last = before.first else { return false }
        if last == UInt8(ascii: "]") || last == UInt8(ascii: "}") { return true }
        return before.first { !isWord($0) } == UInt8(ascii: "*")
    }

    private func isSpace(_ byte: UInt8) -> Bool { byte <= 0x20 }

    /// What libyaml takes for the name of an anchor.
    private func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// Walks over the tokens of a flow collection.
private struct FlowScanner {
    let bytes: [UInt8]
    var position: Int
    private var depth = 0
    /// Whether a plain scalar has begun, in which quotes are text.
    private var isInPlain = false

    init(bytes: [UInt8], position: Int) {
        self.bytes = bytes
        self.position = position
    }

    /// Goes behind the next bracket; nil at the end.
    mutating func next() -> Int? {
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                isInPlain = false
                depth += 1
                return depth
            case UInt8(ascii: "]"), UInt8(ascii: "}"):
                isInPlain = false
                depth -= 1
                return depth
            case UInt8(ascii: ","): isInPlain = false
            case UInt8(ascii: ":"): isInPlain = isInPlain && !isEndOfKey(position)
            case UInt8(ascii: "#") where !isInPlain || bytes[position - 2] <= 0x20: skipComment()
            case UInt8(ascii: "'") where !isInPlain: skipSingleQuoted()
            case UInt8(ascii: "\"") where !isInPlain: skipDoubleQuoted()
            case UInt8(ascii: "!") where !isInPlain && peek == UInt8(ascii: "<"):
                skip(to: UInt8(ascii: ">"))
            case UInt8(ascii: "!"), UInt8(ascii: "&"), UInt8(ascii: "*"): skipProperty()
            case ...0x20: break
            default: isInPlain = true
            }
        }
        return nil
    }

    private var peek: UInt8 { position < bytes.count ? bytes[position] : 0 }

    private func isEndOfKey(_ index: Int) -> Bool {
        peek <= 0x20 || ",[]{}?".utf8.contains(peek)
    }

    private mutating func skip(to end: UInt8) {
        while position < bytes.count, bytes[position] != end { position += 1 }
        position += 1
    }

    private mutating func skipComment() {
        while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D {
            position += 1
        }
        isInPlain = false
    }

    private mutating func skipSingleQuoted() {
        skip(to: UInt8(ascii: "'"))
        while peek == UInt8(ascii: "'") {
            position += 1
            skip(to: UInt8(ascii: "'"))
        }
    }

    private mutating func skipDoubleQuoted() {
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            position += bytes[position] == UInt8(ascii: "\\") ? 2 : 1
        }
        position += 1
    }

    /// A tag, an anchor or an alias ends where a token could begin.
    private mutating func skipProperty() {
        guard !isInPlain else { return }
        while position < bytes.count, peek > 0x20, !",[]{}\"'".utf8.contains(peek) { position += 1 }
    }
}
