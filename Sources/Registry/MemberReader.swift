internal import JSON

/// Takes the members of a JSON object one by one, and refuses what nobody took.
struct MemberReader {
    private let object: JSONObject
    /// Where the object is in its document.
    let pointer: JSONPointer
    /// Which of its members were asked for, by place.
    private var taken: [Bool]
    /// Where the next member is, in a document that has them in the usual order.
    private var next = 0

    /// Reads the bytes of a file whose root must be an object without secrets.
    init(document bytes: [UInt8]) throws(InvalidDocument) {
        let value = try JSONValue(document: bytes)
        guard let object = value.object else {
            throw InvalidDocument("The document must be a JSON object.", at: JSONPointer())
        }
        if Secret.mayBeIn(file: bytes) { try Secret.refuse(in: value) }
        self.init(object, at: JSONPointer())
    }

    /// Reads a value within a document, which must be an object.
    init(_ value: JSONValue, at pointer: JSONPointer) throws(InvalidDocument) {
        guard let object = value.object else {
            throw InvalidDocument("Must be an object.", at: pointer)
        }
        self.init(object, at: pointer)
    }

    private init(_ object: JSONObject, at pointer: JSONPointer) {
        self.object = object
        self.pointer = pointer
        taken = Array(repeating: false, count: object.count)
    }

    var members: JSONObject { object }

    /// The member `name` as `read` understands it, or nil when it is not there.
    mutating func optional<Value>(
        _ name: JSONString, _ expected: String, _ read: (JSONValue) -> Value?
    ) throws(InvalidDocument) -> Value? {
        guard let place = place(of: name) else { return nil }
        taken[place] = true
        next = place + 1
        let value = object.members[place].value
        guard let result = read(value) else { throw invalid(name, "Must be \(expected).") }
        return result
    }

    private func place(of name: JSONString) -> Int? {
        if next < object.count, object.members[next].name == name { return next }
        // By far the most devices have none of the later members; none is asked for twice.
        guard taken.contains(false) else { return nil }
        return object.position(of: name)
    }

    mutating func required<Value>(
        _ name: JSONString, _ expected: String, _ read: (JSONValue) -> Value?
    ) throws(InvalidDocument) -> Value {
        guard let value = try optional(name, expected, read) else {
            throw InvalidDocument("The member \(name) is missing.", at: pointer)
        }
        return value
    }

    /// Throws when the object has a member that nobody asked for.
    func finish() throws(InvalidDocument) {
        if let place = taken.firstIndex(of: false) {
            throw invalid(
                object.members[place].name,
                "There is no member of this name; free ones go to annotations.")
        }
    }

    func invalid(_ name: JSONString, _ reason: String) -> InvalidDocument {
        InvalidDocument(reason, at: pointer.appending(name))
    }
}

extension JSONValue {
    /// Reads the bytes of a file of the registry.
    init(document bytes: [UInt8]) throws(InvalidDocument) {
        do throws(JSONSyntaxError) {
            self = try JSONValue(parsing: bytes, options: .document)
        } catch {
            throw InvalidDocument(
                "\(error.reason) (column \(error.column))", line: error.line, rule: .syntax)
        }
    }
}
