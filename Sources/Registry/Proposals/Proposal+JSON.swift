public import JSON

extension Proposal {
    /// The proposal as it is kept beside its commits, and as the API shows it.
    public var json: JSONValue {
        var object = JSONObject()
        object["number"] = .number(JSONNumber(number))
        object["title"] = .text(title)
        object["text"] = .text(text)
        object["state"] = .text(state.rawValue)
        object["head"] = .text("\(head)")
        object["owner"] = .text(owner)
        object["events"] = .array(events.map(\.json))
        return .object(object)
    }

    /// Reads what ``json`` gives; nil for anything else.
    public init?(json: JSONValue) {
        guard let number = json["number"]?.int, number > 0,
            let head = json["head"]?.text.flatMap({ Revision(hex: $0) }),
            let events = json["events"]?.array?.compactMap({ Event(json: $0) }), !events.isEmpty
        else { return nil }
        self.init(
            number: number, title: json["title"]?.text ?? "", text: json["text"]?.text ?? "",
            head: head, owner: json["owner"]?.text ?? "", events: events)
    }
}

extension Proposal.Event {
    var json: JSONValue {
        var object = JSONObject()
        object["kind"] = .text(kind.rawValue)
        object["author"] = .text(author.name)
        object["email"] = .text(author.email)
        object["date"] = .text("\(date)")
        if let head { object["head"] = .text("\(head)") }
        if !text.isEmpty { object["text"] = .text(text) }
        return .object(object)
    }

    init?(json: JSONValue) {
        guard let kind = json["kind"]?.text.flatMap({ Kind(rawValue: $0) }),
            let date = json["date"]?.text.flatMap({ Timestamp(parsing: $0) })
        else { return nil }
        self.init(
            kind,
            by: Author(name: json["author"]?.text ?? "", email: json["email"]?.text ?? ""),
            at: date, head: json["head"]?.text.flatMap { Revision(hex: $0) },
            text: json["text"]?.text ?? "")
    }
}
