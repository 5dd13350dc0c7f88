/// What a parser allows beyond the grammar of RFC 8259.
public struct JSONReadingOptions: Hashable, Sendable {
    public enum DuplicateMembers: Hashable, Sendable {
        /// The last value, in the place of the first.
        case lastWins
        case refused
    }

    public enum LoneSurrogates: Hashable, Sendable {
        /// Kept in the ``JSONString``.
        case held
        case refused
    }

    /// How many arrays and objects may be open at once.
    ///
    /// Nothing here recurses but the release of a value: 2,000 levels fit a stack of 512 KiB.
    public var maximumDepth: Int
    /// How many values one text may hold, all levels together: a short text of tiny values takes
    /// many times its size in memory.
    public var maximumValues: Int
    public var duplicateMembers: DuplicateMembers
    public var loneSurrogates: LoneSurrogates

    public init(
        maximumDepth: Int = 512, maximumValues: Int = 4_000_000,
        duplicateMembers: DuplicateMembers, loneSurrogates: LoneSurrogates
    ) {
        self.maximumDepth = maximumDepth
        self.maximumValues = maximumValues
        self.duplicateMembers = duplicateMembers
        self.loneSurrogates = loneSurrogates
    }

    /// For bodies of requests: validation says later, field by field, what is wrong.
    public static let api = JSONReadingOptions(duplicateMembers: .lastWins, loneSurrogates: .held)

    /// For documents of a repository.
    public static let document = JSONReadingOptions(
        duplicateMembers: .refused, loneSurrogates: .refused)
}

/// Why bytes are not the JSON that was asked for, and where.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        case syntax
        /// Beyond ``JSONReadingOptions/maximumDepth``.
        case depth
        /// Beyond ``JSONReadingOptions/maximumValues``.
        case size
        case duplicateMember(JSONString)
        case loneSurrogate(UInt16)
        case notUTF8
    }

    public let kind: Kind
    /// What is wrong, without the place.
    public let reason: String
    /// From 1, ended by line feeds.
    public let line: Int
    /// From 1, in code points.
    public let column: Int
    public let byteOffset: Int

    /// The reason and the place, as in `unexpected ',' at line 3, column 7`.
    public var description: String { "\(reason) at line \(line), column \(column)" }

    init(_ kind: Kind, _ reason: String, at offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == Ascii.lineFeed {
                line += 1
                column = 1
            } else if !isContinuation(byte) {
                column += 1
            }
        }
        self.kind = kind
        self.reason = reason
        self.line = line
        self.column = column
        byteOffset = offset
    }
}

extension JSONValue {
    /// Reads one JSON text, which may have white space around it (RFC 8259).
    ///
    /// - Parameter bytes: UTF-8 without a byte order mark.
    public init(
        parsing bytes: some Collection<UInt8>, options: JSONReadingOptions
    ) throws(JSONSyntaxError) {
        func parse(_ bytes: UnsafeBufferPointer<UInt8>) -> Result<JSONValue, JSONSyntaxError> {
            var parser = JSONParser(bytes, options: options)
            return Result { () throws(JSONSyntaxError) in try parser.parseText() }
        }
        let result =
            bytes.withContiguousStorageIfAvailable(parse)
            ?? Array(bytes).withUnsafeBufferPointer(parse)
        self = try result.get()
    }

    /// Reads one JSON text; see ``init(parsing:options:)``.
    public init(
        parsing text: String, options: JSONReadingOptions
    ) throws(JSONSyntaxError) {
        try self.init(parsing: text.utf8, options: options)
    }
}
