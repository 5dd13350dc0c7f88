/// A JSON patch (RFC 6902): operations that are applied in order, all of them or none.
public struct JSONPatch: Sendable {
    /// One step; its pointers are those of the document as the steps before it have left it.
    public enum Operation: Sendable {
        case add(JSONValue, JSONPointer)
        case remove(JSONPointer)
        case replace(JSONValue, JSONPointer)
        case move(from: JSONPointer, to: JSONPointer)
        case copy(from: JSONPointer, to: JSONPointer)
        case test(JSONValue, JSONPointer)
    }

    public let operations: [Operation]

    /// The most operations of one patch.
    public static let maximumCount = 10_000

    /// Reads a patch document, a list of objects with `op`, `path` and `value` or `from`.
    ///
    /// Other members are passed over, as section 4 wants.
    public init(_ value: JSONValue) throws(JSONPatchError) {
        guard let list = value.array else {
            throw JSONPatchError(.malformed, "A JSON patch is a list of operations (RFC 6902).")
        }
        guard list.count <= Self.maximumCount else {
            throw JSONPatchError(
                .malformed, "A patch has at most \(Self.maximumCount) operations.")
        }
        var operations: [Operation] = []
        operations.reserveCapacity(list.count)
        for (index, element) in list.enumerated() {
            operations.append(try Self.operation(element, index))
        }
        self.operations = operations
    }

    private static func operation(
        _ element: JSONValue, _ index: Int
    ) throws(JSONPatchError) -> Operation {
        guard let object = element.object else {
            throw JSONPatchError(.malformed, "An operation is an object.", index)
        }
        let path = try pointer("path", of: object, index)
        switch object["op"]?.text {
        case "add": return .add(try value(of: object, index), path)
        case "remove": return .remove(path)
        case "replace": return .replace(try value(of: object, index), path)
        case "test": return .test(try value(of: object, index), path)
        case "copy": return .copy(from: try pointer("from", of: object, index), to: path)
        case "move":
            let from = try pointer("from", of: object, index)
            guard !(path.tokens.count > from.tokens.count && path.tokens.starts(with: from.tokens))
            else {
                throw JSONPatchError(.malformed, "A value cannot move into itself.", index)
            }
            return .move(from: from, to: path)
        default:
            throw JSONPatchError(
                .malformed, "op must be add, remove, replace, move, copy or test.", index)
        }
    }

    private static func pointer(
        _ name: JSONString, of object: JSONObject, _ index: Int
    ) throws(JSONPatchError) -> JSONPointer {
        guard let text = object[name]?.text else {
            throw JSONPatchError(.malformed, "\(name) must be a JSON pointer.", index)
        }
        do throws(JSONPointerSyntaxError) {
            return try JSONPointer(parsing: text)
        } catch {
            throw JSONPatchError(.malformed, "\(name): \(error).", index)
        }
    }

    private static func value(
        of object: JSONObject, _ index: Int
    ) throws(JSONPatchError) -> JSONValue {
        guard let value = object["value"] else {
            throw JSONPatchError(.malformed, "value is missing.", index)
        }
        return value
    }
}

/// Why a JSON patch was not applied.
public struct JSONPatchError: Error, Hashable, Sendable, CustomStringConvertible {
    public enum Kind: Hashable, Sendable {
        /// It is no patch.
        case malformed
        /// A place that it names is not in the document.
        case missing
        /// A `test` found another value.
        case testFailed
        /// The result would be deeper or larger than a document may be.
        case tooLarge
    }

    public let kind: Kind
    /// A sentence, without the place.
    public let reason: String
    /// The operation, from 0; nil where the whole is wrong.
    public let index: Int?

    init(_ kind: Kind, _ reason: String, _ index: Int? = nil) {
        self.kind = kind
        self.reason = reason
        self.index = index
    }

    public var description: String {
        index.map { "Operation \($0) of the patch: \(reason)" } ?? reason
    }
}
