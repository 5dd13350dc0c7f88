/// The name of an account: 1 to 64 of `a-z 0-9 . _ -`, the first a letter or digit.
///
/// In lower case alone, so that no two accounts look alike.
public struct AccountName: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let text: String

    /// Nil where `text` is no such name.
    public init?(_ text: String) {
        let bytes = text.utf8
        guard (1...64).contains(bytes.count), let first = bytes.first, Self.isWord(first),
            bytes.allSatisfy({ Self.isWord($0) || "._-".utf8.contains($0) })
        else { return nil }
        self.text = text
    }

    public var description: String { text }

    public static func < (left: AccountName, right: AccountName) -> Bool {
        left.text.utf8.lexicographicallyPrecedes(right.text.utf8)
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}

extension Author {
    /// What commits say of an account.
    public static func account(_ name: AccountName) -> Author {
        Author(name: name.text, email: "\(name)@muster.invalid")
    }
}
