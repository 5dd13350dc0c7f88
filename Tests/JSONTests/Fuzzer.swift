import Foundation
import JSON

/// Makes inputs that are nearly JSON, the same ones for the same seed.
struct Fuzzer {
    private static let examples = [
        #"{"a":[1,-0.5e+10,true,false,null,"\u00e9\ud83d\ude00\n\\\/"],"a":{}}"#,
        #"["\ud800","\udc00\ud800","\u0000",{"é€😀":"\"\b\f\r\t"}]"#,
        "[1e400,-0,0.10,123456789012345678901234567890,1E-7]",
        " \t\r\n{ \"x\" : [ [ [ ] ] , { } ] } \n",
        "[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]",
    ]

    private static let tokens = [
        "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud800", "\\udc00", "\\u00e9", "\\n",
        "0", "1",
        "-", ".", "e", "E", "+", "00", "1.5", "1e5", "true", "false", "null", "NaN", "Infinity",
        "-Infinity", " ", "\n", "\t", "\r", "\u{B}", "\u{A0}", "\u{FEFF}", "\u{2028}", "\u{0}", "é",
        "😀", "'", "/", "//", "\"a\"", "\"a\":", "[]", "{}", "[1,", "x",
    ].map { Array($0.utf8) }

    private var random: SplitMix
    private let snippets: [[UInt8]]

    init(seed: UInt64) {
        random = SplitMix(state: seed)
        let values = SharedData.dashboards.compactMap { file in
            try? JSONValue(parsing: Data(contentsOf: file), options: .document)
        }
        snippets = Self.examples.map { Array($0.utf8) } + values.flatMap(Self.smallParts)
    }

    mutating func next() -> [UInt8] {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return randomBytes()
        case 1, 2: return randomTokens()
        default:
            var text = snippet()
            for _ in 0..<Int.random(in: 0...3, using: &random) { mutate(&text) }
            return text
        }
    }

    /// The parts of a value whose text is short.
    private static func smallParts(of value: JSONValue) -> [[UInt8]] {
        var parts: [[UInt8]] = []
        var waiting = [value]
        while let value = waiting.popLast() {
            let below = value.array ?? value.object?.map(\.value) ?? []
            let bytes = parts.count.isMultiple(of: 2) ? value.compactBytes() : value.pythonBytes()
            if bytes.count <= 300, !below.isEmpty { parts.append(bytes) } else { waiting += below }
        }
        return parts
    }

    private mutating func randomBytes() -> [UInt8] {
        (0..<Int.random(in: 0...24, using: &random)).map { _ in
            UInt8.random(in: 0...255, using: &random)
        }
    }

    private mutating func randomTokens() -> [UInt8] {
        (0..<Int.random(in: 0...12, using: &random)).flatMap { _ in token() }
    }

    private mutating func token() -> [UInt8] { Self.tokens.randomElement(using: &random) ?? [] }

    private mutating func snippet() -> [UInt8] { snippets.randomElement(using: &random) ?? [] }

    private mutating func mutate(_ text: inout [UInt8]) {
        let range = range(in: text)
        switch Int.random(in: 0..<7, using: &random) {
        case 0: text.replaceSubrange(range, with: [])
        case 1: text.insert(contentsOf: text[range], at: range.lowerBound)
        case 2: text.insert(contentsOf: token(), at: range.lowerBound)
        case 3: text.replaceSubrange(range, with: token())
        case 4: text.replaceSubrange(range, with: snippet())
        case 5: text.removeSubrange(range.lowerBound...)
        default:
            guard range.lowerBound < text.count else { return }
            text[range.lowerBound] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        }
    }

    /// A short range, most often of one byte.
    private mutating func range(in text: [UInt8]) -> Range<Int> {
        let start = Int.random(in: 0...text.count, using: &random)
        let longest = Bool.random(using: &random) ? 1 : 20
        return start..<min(text.count, start + Int.random(in: 0...longest, using: &random))
    }
}

/// SplitMix64: small, and the same on every machine.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
