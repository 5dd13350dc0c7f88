public import JSON

/// Finds out which version of a document each of its parts comes from, one step back after the
/// other.
///
/// The parts are the fields of a JSON document, down to what is no object or list, and the lines of
/// every other text.
public struct DocumentBlame: Sendable {
    /// A field, or a line.
    public enum Part: Hashable, Sendable {
        case field(JSONPointer, JSONValue)
        /// Counted from 1, without the line's end.
        case line(Int, String)
    }

    /// In the order of the document.
    public let parts: [Part]
    /// Whether the document has more parts than are told of.
    public let isCut: Bool
    /// The parts that no step back has changed yet, by number.
    public var open: Set<Int> { tracker.open }

    private var tracker: Tracker

    private enum Tracker: Sendable {
        case fields(FieldTracker)
        case lines(LineTracker)

        var open: Set<Int> {
            switch self {
            case .fields(let tracker): Set(tracker.places.values)
            case .lines(let tracker): Set(tracker.numbers.compactMap(\.self))
            }
        }
    }

    /// The most parts that are told of.
    public static let partLimit = 10_000

    /// - Parameters:
    ///   - path: where the document is, which says what it is.
    ///   - bytes: the version whose parts are of interest.
    public init(path: String, bytes: [UInt8]) {
        let isJSON = path.utf8.suffix(5).elementsEqual(".json".utf8)
        if isJSON, let value = DocumentReader(path: path).value(bytes) {
            let (tracker, parts, isCut) = FieldTracker.start(path: path, value)
            self.tracker = .fields(tracker)
            self.parts = parts
            self.isCut = isCut
        } else {
            let (tracker, parts, isCut) = LineTracker.start(bytes)
            self.tracker = .lines(tracker)
            self.parts = parts
            self.isCut = isCut
        }
    }

    /// Goes one version back.
    ///
    /// - Parameter older: nil where the document was made by this step.
    /// - Returns: the parts that are otherwise there, or not there at all.
    public mutating func stepBack(to older: [UInt8]?) -> Set<Int> {
        let before = open
        switch tracker {
        case .fields(var tracker):
            tracker.stepBack(to: older)
            self.tracker = .fields(tracker)
        case .lines(var tracker):
            tracker.stepBack(to: older)
            self.tracker = .lines(tracker)
        }
        return before.subtracting(open)
    }

    /// Forgets all parts but these.
    public mutating func keep(_ parts: Set<Int>) {
        switch tracker {
        case .fields(var tracker):
            tracker.places = tracker.places.filter { parts.contains($0.value) }
            self.tracker = .fields(tracker)
        case .lines(var tracker):
            tracker.numbers = tracker.numbers.map { $0.flatMap { parts.contains($0) ? $0 : nil } }
            self.tracker = .lines(tracker)
        }
    }
}

/// Follows the fields of a JSON document back.
private struct FieldTracker: Sendable {
    let path: String
    var value: JSONValue
    /// Where each part is in ``value``.
    var places: [JSONPointer: Int] = [:]

    static func start(
        path: String, _ value: JSONValue
    ) -> (FieldTracker, [DocumentBlame.Part], Bool) {
        var tracker = FieldTracker(path: path, value: value)
        var parts: [DocumentBlame.Part] = []
        var waiting = [(JSONPointer(), value)]
        while let (pointer, value) = waiting.popLast() {
            let children = Self.children(of: value, at: pointer)
            guard children.isEmpty else {
                waiting += children.reversed()
                continue
            }
            guard parts.count < DocumentBlame.partLimit else { return (tracker, parts, true) }
            tracker.places[pointer] = parts.count
            parts.append(.field(pointer, value))
        }
        return (tracker, parts, false)
    }

    private static func children(
        of value: JSONValue, at pointer: JSONPointer
    ) -> [(JSONPointer, JSONValue)] {
        switch value {
        case .object(let object): object.map { (pointer.appending($0.name), $0.value) }
        case .array(let array): array.enumerated().map { (pointer.appending($0), $1) }
        default: []
        }
    }

    mutating func stepBack(to bytes: [UInt8]?) {
        guard let bytes else {
            places = [:]
            return
        }
        // A version that cannot be read says nothing; the one before it will.
        guard let older = DocumentReader(path: path).value(bytes) else { return }
        var found: [JSONPointer: Int] = [:]
        let difference = JSONDifference(
            identity: DocumentReader(path: path).identity, limit: DocumentBlame.partLimit)
        var waiting = [Pair(new: JSONPointer(), old: JSONPointer(), value, older)]
        while let pair = waiting.popLast() {
            if let part = places[pair.new] {
                if pair.newValue.isEquivalent(to: pair.oldValue) { found[pair.old] = part }
                continue
            }
            waiting += pair.children(difference)
        }
        places = found
        value = older
    }

    private struct Pair {
        let new: JSONPointer
        let old: JSONPointer
        let newValue: JSONValue
        let oldValue: JSONValue

        init(new: JSONPointer, old: JSONPointer, _ newValue: JSONValue, _ oldValue: JSONValue) {
            self.new = new
            self.old = old
            self.newValue = newValue
            self.oldValue = oldValue
        }

        func children(_ difference: JSONDifference) -> [Pair] {
            switch (newValue, oldValue) {
            case (.object(let members), .object(let oldMembers)):
                return members.compactMap { name, value in
                    oldMembers[name].map {
                        Pair(new: new.appending(name), old: old.appending(name), value, $0)
                    }
                }
            case (.array(let elements), .array(let oldElements)):
                let pairs = difference.pairs(at: new, oldElements, elements)
                return (pairs ?? sameEnds(oldElements, elements)).map { place in
                    Pair(
                        new: new.appending(place.new), old: old.appending(place.old),
                        elements[place.new], oldElements[place.old])
                }
            default: return []
            }
        }

        /// Elements that cannot be told apart are the same from both ends of the list on.
        private func sameEnds(
            _ old: [JSONValue], _ new: [JSONValue]
        ) -> [(old: Int, new: Int)] {
            let shorter = min(old.count, new.count)
            let start = (0..<shorter).first { old[$0] != new[$0] } ?? shorter
            let end = (0..<(shorter - start)).first {
                old[old.count - 1 - $0] != new[new.count - 1 - $0]
            }
            let tail = end ?? shorter - start
            // What is between them is compared one by one where there is as much of it.
            let middle = old.count == new.count ? shorter - tail : start
            return (0..<middle).map { ($0, $0) }
                + (0..<tail).map { (old.count - 1 - $0, new.count - 1 - $0) }
        }
    }
}

/// Follows the lines of a text back.
private struct LineTracker: Sendable {
    var bytes: [UInt8]
    /// For each line of ``bytes`` the part that it is.
    var numbers: [Int?]

    static func start(_ bytes: [UInt8]) -> (LineTracker, [DocumentBlame.Part], Bool) {
        var table = LineTable()
        let lines = table.numbers(of: bytes)
        let parts = lines.prefix(DocumentBlame.partLimit).enumerated().map { place, line in
            var text = table.bytes(of: [line])
            if text.last == UInt8(ascii: "\n") { text.removeLast() }
            return DocumentBlame.Part.line(place + 1, String(decoding: text, as: UTF8.self))
        }
        let numbers = lines.indices.map { $0 < parts.count ? $0 : nil }
        return (
            LineTracker(bytes: bytes, numbers: numbers), parts, lines.count > parts.count
        )
    }

    mutating func stepBack(to older: [UInt8]?) {
        guard let older else {
            numbers = numbers.map { _ in nil }
            return
        }
        var table = LineTable()
        let (oldLines, newLines) = (table.numbers(of: older), table.numbers(of: bytes))
        var found: [Int?] = Array(repeating: nil, count: oldLines.count)
        var (old, new) = (0, 0)
        for change in LineComparison(from: oldLines, to: newLines).changes {
            while new < change.new.lowerBound, old < change.old.lowerBound {
                found[old] = numbers[new]
                (old, new) = (old + 1, new + 1)
            }
            (old, new) = (change.old.upperBound, change.new.upperBound)
        }
        while old < oldLines.count, new < newLines.count {
            found[old] = numbers[new]
            (old, new) = (old + 1, new + 1)
        }
        bytes = older
        numbers = found
    }
}
