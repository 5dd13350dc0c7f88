/// The tags of an HTML page, read the strict way that the templates are written in.
struct Markup {
    private(set) var elements: Set<String> = []
    private(set) var attributes: Set<String> = []
    /// The first tag that closes nothing or is never closed; nil when all are balanced.
    private(set) var imbalance: String?

    struct Malformed: Error {
        var tag: String
    }

    private static let empty: Set<String> = ["!doctype", "meta", "link", "img", "input"]

    init(_ html: String) throws {
        var open: [String] = []
        for part in html.components("<").dropFirst() {
            let halves = part.components(">")
            guard halves.count == 2 else { throw Malformed(tag: part) }
            let name = String(halves[0].prefix { $0 != " " && $0 != "\n" })
            if name.hasPrefix("/") {
                if open.popLast() != String(name.dropFirst()) { imbalance = imbalance ?? part }
                continue
            }
            elements.insert(name)
            try readAttributes(halves[0].dropFirst(name.count))
            if !Self.empty.contains(name) { open.append(name) }
        }
        imbalance = imbalance ?? open.last
    }

    private mutating func readAttributes(_ text: Substring) throws {
        var rest = text.drop { $0 == " " || $0 == "\n" }
        while let first = rest.first, first != "\u{0}" {
            let name = rest.prefix { $0.isLetter || $0 == "-" }
            guard !name.isEmpty else { throw Malformed(tag: String(text)) }
            rest = rest.dropFirst(name.count)
            if rest.hasPrefix("=\"") {
                rest = rest.dropFirst(2).drop { $0 != "\"" }
                guard rest.first == "\"" else { throw Malformed(tag: String(text)) }
                rest = rest.dropFirst()
            }
            if name != "html" { attributes.insert(String(name)) }
            rest = rest.drop { $0 == " " || $0 == "\n" }
        }
    }
}

extension String {
    /// The parts between occurrences of a text.
    func components(_ separator: String) -> [String] {
        var parts: [[UInt8]] = [[]]
        let bytes = Array(utf8)
        let mark = Array(separator.utf8)
        var position = 0
        while position < bytes.count {
            if bytes[position...].starts(with: mark) {
                parts.append([])
                position += mark.count
            } else {
                parts[parts.count - 1].append(bytes[position])
                position += 1
            }
        }
        return parts.map { String(decoding: $0, as: UTF8.self) }
    }
}
