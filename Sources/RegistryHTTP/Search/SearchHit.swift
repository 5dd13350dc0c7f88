import JSON
import Registry

/// A document that was found, with where.
struct SearchHit: Sendable {
    /// One place of a document that has a word.
    struct Match: Sendable {
        /// Nil for the uid.
        let pointer: JSONPointer?
        /// What stands there, cut to what is around the word.
        let text: String
        let score: Int
    }

    let document: StoredDocument
    /// What people call it, where that is not the uid.
    let title: String?
    /// The higher, the better it fits.
    let score: Int
    /// The best places first.
    let matches: [Match]

    private static let matchLimit = 5
    /// The most values of one document that are looked at.
    private static let valueLimit = 100_000

    /// Nil where a word does not occur.
    init?(_ stored: StoredDocument, _ query: SearchQuery) {
        document = stored
        let data = stored.data
        title = (data?["title"] ?? data?["name"])?.text
        guard !query.terms.isEmpty else {
            (score, matches) = (0, [])
            return
        }
        var best: [Match?] = query.terms.map { term in
            let id = stored.id.text
            return Self.score(of: term, in: id, named: "uid", isUID: true)
                .map { Match(pointer: nil, text: id, score: $0) }
        }
        var others: [Match] = []
        data?.forEachScalar(limit: Self.valueLimit) { tokens, name, text in
            for (place, term) in query.terms.enumerated() {
                guard let score = Self.score(of: term, in: text, named: name) else { continue }
                let match = Match(
                    pointer: JSONPointer(tokens: tokens), text: excerpt(text, around: term.needle),
                    score: score)
                if others.count < 100 { others.append(match) }
                if score > best[place]?.score ?? -1 { best[place] = match }
            }
        }
        guard best.allSatisfy({ $0 != nil }) else { return nil }
        let found = best.compactMap(\.self)
        score = found.reduce(0) { $0 + $1.score }
        var shown: [Match] = []
        for match in found + others.sorted(by: { $0.score > $1.score })
        where !shown.contains(where: { $0.pointer == match.pointer }) {
            shown.append(match)
        }
        matches = Array(shown.prefix(Self.matchLimit))
    }

    /// Whether `left` comes first.
    static func isBetter(_ left: SearchHit, _ right: SearchHit) -> Bool {
        left.score == right.score
            ? left.document.key < right.document.key : left.score > right.score
    }

    /// How well a text fits a word; nil where it has it not.
    ///
    /// The whole text counts more than its start, that more than the start of a word; what names a
    /// document counts more than what describes it.
    private static func score(
        of term: SearchQuery.Term, in text: String, named name: String, isUID: Bool = false
    ) -> Int? {
        let lower = text.lowercased()
        let weight = isUID ? 3 : ["name", "title", "address"].contains(name) ? 2 : 1
        if let field = term.field, field.isNamed(name, isUID: isUID) {
            guard lower.hasPrefix(term.prefix) else { return nil }
            return (lower.count == term.prefix.count ? 50 : 30) * weight
        }
        guard let place = lower.utf8.firstRange(of: term.text.utf8) else { return nil }
        if lower.utf8.count == term.text.utf8.count { return 40 * weight }
        if place.lowerBound == lower.startIndex { return 25 * weight }
        let before = lower.utf8[lower.utf8.index(before: place.lowerBound)]
        let isWordStart =
            !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(before)
            && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(before)
        return (isWordStart ? 15 : 10) * weight
    }
}

extension SearchQuery.Term {
    /// What is looked for in the text that is shown.
    fileprivate var needle: String { field == nil ? text : prefix }
}

extension FieldPath {
    /// Whether the path ends with this name; `annotations.site` also finds `site` below others.
    fileprivate func isNamed(_ name: String, isUID: Bool) -> Bool {
        if isUID { return text == "uid" }
        let last = text.split { $0 == "." || $0 == "/" }.last ?? ""
        return last.utf8.elementsEqual(name.utf8)
    }
}

extension JSONValue {
    /// Calls `body` with the place, the name of the member (that of the list for its elements) and the
    /// text of each scalar, in the order of the document.
    fileprivate func forEachScalar(
        limit: Int, _ body: (_ tokens: [JSONString], _ name: String, _ text: String) -> Void
    ) {
        var left = limit
        var waiting: [(value: JSONValue, tokens: [JSONString], name: String)] = [(self, [], "")]
        while let (value, tokens, name) = waiting.popLast(), left > 0 {
            left -= 1
            switch value {
            case .null: continue
            case .array(let elements):
                for (index, element) in elements.enumerated().reversed() {
                    waiting.append((element, tokens + [JSONString("\(index)")], name))
                }
            case .object(let object):
                for (member, element) in object.members.reversed() {
                    waiting.append((element, tokens + [member], member.description))
                }
            default: body(tokens, name, value.scalarText)
            }
        }
    }
}

/// At most 160 characters of a text, with the word among them.
private func excerpt(_ text: String, around needle: String) -> String {
    let characters = Array(text)
    guard characters.count > 160 else { return text }
    let lower = text.lowercased()
    let before = lower.utf8.firstRange(of: needle.utf8).map {
        lower.distance(from: lower.startIndex, to: $0.lowerBound)
    }
    let start = max(0, min(before ?? 0, characters.count) - 40)
    let end = min(characters.count, start + 160)
    return (start > 0 ? "…" : "") + String(characters[start..<end])
        + (end < characters.count ? "…" : "")
}

extension String.UTF8View {
    fileprivate func firstRange(of needle: String.UTF8View) -> Range<String.Index>? {
        guard needle.count <= count else { return nil }
        var start = startIndex
        for _ in 0...(count - needle.count) {
            if self[start...].starts(with: needle) {
                return start..<index(start, offsetBy: needle.count)
            }
            formIndex(after: &start)
        }
        return nil
    }
}
