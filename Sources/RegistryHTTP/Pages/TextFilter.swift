/// What people type into a search box: text that must occur somewhere, in any letter case.
struct TextFilter: Sendable {
    /// As typed, without the spaces around it.
    let query: String
    private let wanted: [UInt8]

    init(_ query: String?) {
        let text = (query ?? "").drop { $0.isWhitespace }
        self.query = String(text.reversed().drop { $0.isWhitespace }.reversed())
        wanted = Array(self.query.lowercased().utf8)
    }

    var isEmpty: Bool { wanted.isEmpty }

    /// Whether one of `texts` has the wanted text in it; all do when none is wanted.
    func matches(_ texts: [String]) -> Bool {
        wanted.isEmpty || texts.contains { contains(Array($0.lowercased().utf8)) }
    }

    private func contains(_ text: [UInt8]) -> Bool {
        guard text.count >= wanted.count else { return false }
        return (0...(text.count - wanted.count)).contains { start in
            text[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }
}
