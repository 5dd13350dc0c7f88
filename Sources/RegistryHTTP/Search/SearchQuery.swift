import Registry

/// What is searched for: words that must all occur, in any letter case.
///
/// `"two words"` are one; `address:10.0` is text at the start of a field; `in:devices` is a collection.
struct SearchQuery: Sendable {
    struct Term: Sendable {
        /// The text that must occur somewhere, lower case.
        let text: String
        /// The field that must begin with ``prefix`` instead, of a word with a colon.
        let field: FieldPath?
        let prefix: String
        /// What finds the documents that may have it.
        let filter: TextFilter
    }

    private static let maximumTerms = 16

    /// As it was typed.
    let text: String
    let terms: [Term]
    /// The only collections that are looked at; empty for all.
    private(set) var collections: [Registry.Collection] = []

    init(_ text: String) {
        self.text = text
        var terms: [Term] = []
        for word in Self.words(of: text).prefix(Self.maximumTerms) {
            if let name = word.value(of: "in"),
                let collection = DocumentKind.all.map(\.collection).first(where: {
                    $0.name == name || $0.name.hasSuffix("/" + name)
                })
            {
                collections.append(collection)
                continue
            }
            terms.append(Term(word))
        }
        self.terms = terms
    }

    var isEmpty: Bool { terms.isEmpty && collections.isEmpty }

    func includes(_ collection: Registry.Collection) -> Bool {
        collections.isEmpty || collections.contains(collection)
    }

    /// What stands between spaces, or in quotes.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var isQuoted = false
        for character in text {
            if character == "\"" {
                isQuoted.toggle()
            } else if character.isWhitespace, !isQuoted {
                words.append(word)
                word = ""
            } else {
                word.append(character)
            }
        }
        return (words + [word]).filter { !$0.isEmpty }
    }
}

extension SearchQuery.Term {
    fileprivate init(_ word: String) {
        text = word.lowercased()
        let name = word.prefix { $0 != ":" }
        let value = word.dropFirst(name.count + 1)
        // `fe80::1` and `http://...` are no fields.
        let isField =
            !value.isEmpty && value.first != ":" && !value.hasPrefix("//")
            && name.first?.isLetter == true
            && name.allSatisfy { $0.isLetter || $0.isNumber || "_.-/".contains($0) }
        field = isField ? FieldPath(String(name)) : nil
        prefix = field == nil ? "" : value.lowercased()
        // A word with a colon may also be text that has one, which has what is behind it too.
        filter = TextFilter(field == nil ? word : String(value))
    }
}

extension String {
    /// `devices` of `in:devices`.
    fileprivate func value(of name: String) -> String? {
        hasPrefix(name + ":") && count > name.count + 1
            ? String(dropFirst(name.count + 1)).lowercased() : nil
    }
}
