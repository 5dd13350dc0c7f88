/// The name and value pairs of a query in their order, decoded as forms are (WHATWG URL, section
/// 5.1).
///
/// Bytes that are no UTF-8 become U+FFFD; a name without `=` has an empty value.
public struct RawQuery: Hashable, Sendable {
    public struct Pair: Hashable, Sendable {
        public let name: String
        public let value: String
    }

    /// As sent, without the question mark.
    public let raw: String
    public let pairs: [Pair]

    public init(_ raw: String) {
        self.raw = raw
        pairs = raw.utf8.split(separator: UInt8(ascii: "&")).map { pair in
            let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            let value = equals == pair.endIndex ? pair[equals...] : pair[equals...].dropFirst()
            return Pair(name: formDecoded(pair[..<equals]), value: formDecoded(value))
        }
    }

    public var isEmpty: Bool { raw.isEmpty }

    /// The last value of that name, as Django reads queries; nil where there is none.
    public func last(of name: String) -> String? {
        pairs.last { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }
}

private func formDecoded(_ text: Substring.UTF8View) -> String {
    let plus = UInt8(ascii: "+")
    let spaced = text.map { $0 == plus ? UInt8(ascii: " ") : $0 }
    return String(decoding: percentDecoded(spaced), as: UTF8.self)
}
