internal import Git
internal import Registry

/// The content of a commit or a tag as lines, of which most stay as they are.
struct CommitText {
    private var headers: [[UInt8]] = []
    private var message: [UInt8] = []

    init(_ bytes: [UInt8]) {
        var rest = bytes[...]
        let newline = UInt8(ascii: "\n")
        while let end = rest.firstIndex(of: newline), end != rest.startIndex {
            let line = Array(rest[..<end])
            // What begins with a space belongs to the header before it.
            if line.first == UInt8(ascii: " "), let last = headers.popLast() {
                headers.append(last + [newline] + line)
            } else {
                headers.append(line)
            }
            rest = rest[(end + 1)...]
        }
        message = Array(rest)
    }

    /// The content as it is to be; nil where it stays.
    ///
    /// - Parameters:
    ///   - tree: the new tree of a commit.
    ///   - renewed: the new ids of commits and tags.
    func rewritten(
        _ rules: PurgeRules, tree: ObjectID?, renewed: [ObjectID: ObjectID]
    ) -> [UInt8]? {
        var lines: [[UInt8]] = []
        for header in headers { lines.append(line(header, rules, tree: tree, renewed)) }
        var text = rules.messages.replaced(message) ?? message
        text = Self.renewing(text, renewed) ?? text
        guard lines != headers || text != message else { return nil }
        // Nobody has signed this.
        lines.removeAll { Self.word(of: $0).hasPrefix("gpgsig") }
        text = Self.withoutSignature(text)
        return Array(lines.joined(separator: [UInt8(ascii: "\n")])) + [UInt8(ascii: "\n")] + text
    }

    private func line(
        _ header: [UInt8], _ rules: PurgeRules, tree: ObjectID?, _ renewed: [ObjectID: ObjectID]
    ) -> [UInt8] {
        let word = Self.word(of: header)
        let value = String(decoding: header.dropFirst(word.utf8.count + 1), as: UTF8.self)
        switch word {
        case "tree": return tree.map { Array("tree \($0)".utf8) } ?? header
        case "parent", "object":
            guard let old = ObjectID(hex: value), let new = renewed[old] else { return header }
            return Array("\(word) \(new)".utf8)
        case "author", "committer", "tagger": return identity(header, word, value, rules)
        case "gpgsig", "gpgsig-sha256", "type": return header
        default: return rules.messages.replaced(header) ?? header
        }
    }

    /// `author Ada <ada@example.org> 1700000000 +0100`
    private func identity(
        _ header: [UInt8], _ word: String, _ value: String, _ rules: PurgeRules
    ) -> [UInt8] {
        let scalars = value.unicodeScalars
        guard let open = scalars.firstIndex(of: "<"), let close = scalars.lastIndex(of: ">"),
            open < close
        else { return rules.texts.replaced(header) ?? header }
        var name = String(scalars[..<open])
        if name.hasSuffix(" ") { name.removeLast() }
        let email = String(scalars[scalars.index(after: open)..<close])
        guard let person = rules.identity(name: name, email: email) else {
            return rules.texts.replaced(header) ?? header
        }
        let signature = Signature(name: person.name, email: person.email, seconds: 0)
        let rest = String(scalars[scalars.index(after: close)...])
        return Array("\(word) \(signature.name) <\(signature.email)>\(rest)".utf8)
    }

    private static func word(of header: [UInt8]) -> String {
        String(decoding: header.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }

    /// A text with the new ids of commits in the place of the old ones; nil where there are none.
    static func renewing(_ text: [UInt8], _ renewed: [ObjectID: ObjectID]) -> [UInt8]? {
        guard !renewed.isEmpty, text.count >= 40 else { return nil }
        var made = text
        var hasChanged = false
        var start = 0
        while start < text.count {
            let digits = text[start...].prefix { hexDigits.contains($0) }
            if digits.count == 40, let old = ObjectID(hex: String(decoding: digits, as: UTF8.self)),
                let new = renewed[old]
            {
                made.replaceSubrange(start..<start + 40, with: "\(new)".utf8)
                hasChanged = true
            }
            start += max(digits.count, 1)
        }
        return hasChanged ? made : nil
    }

    private static let hexDigits = Set("0123456789abcdef".utf8)

    /// A tag carries its signature at the end of its message.
    private static func withoutSignature(_ text: [UInt8]) -> [UInt8] {
        for mark in ["-----BEGIN PGP SIGNATURE-----", "-----BEGIN SSH SIGNATURE-----"] {
            let lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            guard let line = lines.first(where: { $0.elementsEqual(mark.utf8) }) else { continue }
            return Array(text[..<line.startIndex])
        }
        return text
    }
}
