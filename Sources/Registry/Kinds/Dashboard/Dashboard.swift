public import JSON

/// A Grafana or Foxglove dashboard: the file is exactly the dashboard's own JSON.
public struct Dashboard: Document {
    /// The dashboard, its members in the author's order.
    public let value: JSONValue

    public var references: [Reference] { [] }
    public var creationDate: Timestamp? { nil }

    /// The title that the dashboard gives itself.
    public var title: String? { value["title"]?.text }

    /// Reads a file, in any spelling of JSON.
    init(parsing bytes: [UInt8]) throws(InvalidDocument) {
        let value = try JSONValue(document: bytes)
        guard value.object != nil else {
            throw InvalidDocument("A dashboard must be a JSON object.", at: JSONPointer())
        }
        try self.init(value)
    }

    /// Takes a JSON object.
    ///
    /// - Throws: when it holds a number that no double can, a lone surrogate, or a secret.
    init(_ value: JSONValue) throws(InvalidDocument) {
        if let (reason, place) = value.firstUnstorable {
            throw InvalidDocument(reason, at: place)
        }
        try Secret.refuse(in: value)
        self.value = value
    }

    /// The bytes of its file.
    public func bytes() -> [UInt8] { value.canonicalBytes() }
}

extension DocumentKind {
    static let grafanaDashboard = dashboard(.grafanaDashboards)
    static let foxgloveDashboard = dashboard(.foxgloveDashboards)

    private static func dashboard(_ collection: Collection) -> DocumentKind {
        DocumentKind(collection, keepsContent: true) { bytes, _ throws(InvalidDocument) in
            try Dashboard(parsing: bytes)
        }
    }
}

extension JSONValue {
    /// The first value that other readers of JSON would refuse or change.
    fileprivate var firstUnstorable: (reason: String, place: JSONPointer)? {
        guard hasUnstorable else { return nil }
        var waiting: [(value: JSONValue, place: JSONPointer)] = [(self, JSONPointer())]
        while let (value, place) = waiting.popLast() {
            if let reason = value.unstorableReason { return (reason, place) }
            switch value {
            case .array(let elements):
                for (index, element) in elements.enumerated().reversed() {
                    waiting.append((element, place.appending(index)))
                }
            case .object(let object):
                for (name, element) in object.members.reversed() {
                    waiting.append((element, place.appending(name)))
                }
            default: break
            }
        }
        return nil
    }

    /// The same question without the place, which costs most.
    private var hasUnstorable: Bool {
        var waiting = [self]
        while let value = waiting.popLast() {
            if value.unstorableReason != nil { return true }
            switch value {
            case .array(let elements): waiting += elements
            case .object(let object): waiting += object.members.map(\.value)
            default: break
            }
        }
        return false
    }

    private var unstorableReason: String? {
        switch self {
        case .number(let number) where !number.isInteger && number.double == nil:
            "The number \(number.literal.prefix(40)) is too large."
        case .string(let string): string.surrogateReason
        case .object(let object): object.names.lazy.compactMap(\.surrogateReason).first
        default: nil
        }
    }
}

extension JSONString {
    /// The message for text that holds a lone surrogate.
    var surrogateReason: String? {
        firstLoneSurrogate.map { unit in
            let digits = String(unit, radix: 16, uppercase: true)
            return "Surrogate characters are not allowed: U+\(digits)."
        }
    }
}
