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

    /// False where no text of a JSON document can have the wanted text in it; true may be wrong.
    func mayBeFound(in document: [UInt8]) -> Bool {
        guard isPlain else { return true }
        return document.withUnsafeBufferPointer { document in
            var place = 0
            while place < document.count {
                // What is escaped or not ASCII may stand for any letter.
                if document[place] == UInt8(ascii: "\\") || document[place] >= 0x80 { return true }
                if isWanted(document, at: place) { return true }
                place += 1
            }
            return false
        }
    }

    /// Whether JSON holds the wanted text as it is, but for the letters' case.
    private var isPlain: Bool {
        wanted.allSatisfy { (0x20..<0x7F).contains($0) && $0 != UInt8(ascii: "\"") }
    }

    private func isWanted(_ document: UnsafeBufferPointer<UInt8>, at place: Int) -> Bool {
        guard wanted.count <= document.count - place else { return false }
        for offset in wanted.indices {
            let byte = document[place + offset]
            let isCapital = UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte
            guard (isCapital ? byte | 0x20 : byte) == wanted[offset] else { return false }
        }
        return true
    }

    private func contains(_ text: [UInt8]) -> Bool {
        guard text.count >= wanted.count else { return false }
        return (0...(text.count - wanted.count)).contains { start in
            text[start..<(start + wanted.count)].elementsEqual(wanted)
        }
    }
}
