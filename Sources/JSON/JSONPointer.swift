/// A path to one value in a JSON text (RFC 6901).
public struct JSONPointer: Hashable, Sendable {
    /// Member names and array indices from the root on, unescaped.
    public var tokens: [JSONString]

    public init(tokens: [JSONString] = []) { self.tokens = tokens }

    /// Reads the form of section 3, as in `/grafana_dashboards/0`; the root is empty text.
    public init(parsing text: String) throws(JSONPointerSyntaxError) {
        let parts = text.utf8.split(separator: Ascii.slash, omittingEmptySubsequences: false)
        guard let first = parts.first, first.isEmpty else { throw .missingSlash }
        tokens = []
        for part in parts.dropFirst() { tokens.append(try Self.unescaped(part)) }
    }

    public func appending(_ name: JSONString) -> JSONPointer {
        JSONPointer(tokens: tokens + [name])
    }

    public func appending(_ index: Int) -> JSONPointer {
        appending(JSONString(String(index)))
    }

    private static func unescaped(
        _ part: Substring.UTF8View
    ) throws(JSONPointerSyntaxError) -> JSONString {
        var bytes: [UInt8] = []
        var rest = part[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case Ascii.zero: bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(Ascii.slash)
            default: throw .invalidEscape
            }
        }
        return JSONString(String(decoding: bytes, as: UTF8.self))
    }
}

/// Why text is no JSON pointer.
public enum JSONPointerSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    case missingSlash
    case invalidEscape

    public var description: String {
        switch self {
        case .missingSlash: "a JSON pointer is empty or begins with '/'"
        case .invalidEscape: "'~' in a JSON pointer is followed by neither '0' nor '1'"
        }
    }
}

extension JSONPointer: CustomStringConvertible {
    /// The form of section 3; a lone surrogate is shown as U+FFFD.
    public var description: String {
        var bytes: [UInt8] = []
        for token in tokens {
            bytes.append(Ascii.slash)
            for byte in token.description.utf8 {
                switch byte {
                case UInt8(ascii: "~"): bytes += "~0".utf8
                case Ascii.slash: bytes += "~1".utf8
                default: bytes.append(byte)
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension JSONValue {
    /// The value that `pointer` names; nil when there is none, as for the index `-`.
    public func value(at pointer: JSONPointer) -> JSONValue? {
        var value = self
        for token in pointer.tokens {
            switch value {
            case .object(let object):
                guard let member = object[token] else { return nil }
                value = member
            case .array(let elements):
                guard let index = arrayIndex(token), elements.indices.contains(index) else {
                    return nil
                }
                value = elements[index]
            default: return nil
            }
        }
        return value
    }
}

/// The index that a token spells: digits without leading zeros (section 4).
func arrayIndex(_ token: JSONString) -> Int? {
    guard let text = token.string, text.utf8.allSatisfy({ Ascii.digits.contains($0) }),
        text == "0" || text.utf8.first != Ascii.zero
    else { return nil }
    return Int(text)
}
