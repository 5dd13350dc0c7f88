import Mustache

/// What a template sees of a page: names and what they stand for.
struct View: MustacheParent, ExpressibleByDictionaryLiteral, Sendable {
    /// What a name stands for.
    enum Slot: Sendable {
        case text(String)
        case number(Int)
        case flag(Bool)
        case view(View)
        case list([View])
        /// HTML made here, which only `{{{ }}}` shows; names of such end in `HTML`.
        case html(String)
        /// Nothing: a section over it is skipped.
        case absent

        static func optional(_ text: String?) -> Slot { text.map { .text($0) } ?? .absent }
        static func optional(_ view: View?) -> Slot { view.map { .view($0) } ?? .absent }
        /// An address from outside: anything but a web address or a path leads nowhere, so that
        /// no text becomes a script.
        static func address(_ text: String) -> Slot {
            let isPath = text.utf8.first == UInt8(ascii: "/")
            let isWeb = ["http://", "https://"].contains { text.utf8.starts(with: $0.utf8) }
            return .text(isPath || isWeb ? text : "#")
        }
        /// Absent when empty, so that a section over it is skipped.
        static func nonEmpty(_ text: String) -> Slot { text.isEmpty ? .absent : .text(text) }
    }

    private var slots: [String: Slot]

    init(dictionaryLiteral elements: (String, Slot)...) {
        slots = Dictionary(elements) { _, last in last }
    }

    subscript(name: String) -> Slot {
        get { slots[name] ?? .absent }
        set { slots[name] = newValue }
    }

    /// Adds a list, and `hasRows` for one of `rows`: a section over a list repeats what is in it.
    mutating func add(list name: String, _ views: [View]) {
        self[name] = .list(views)
        self["has" + name.prefix(1).uppercased() + name.dropFirst()] = .flag(!views.isEmpty)
    }

    func child(named name: String) -> Any? {
        switch self[name] {
        case .text(let text): text
        case .number(let number): number
        case .flag(let flag): flag
        case .view(let view): view
        case .list(let list): list
        case .html(let html): html
        case .absent: nil
        }
    }
}
