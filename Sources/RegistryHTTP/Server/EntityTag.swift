import HTTPTypes
public import Hummingbird
import Registry

/// A strong entity tag (RFC 9110, section 8.8.3).
public struct EntityTag: Hashable, Sendable, CustomStringConvertible {
    /// What stands between the quotes.
    public let value: String

    /// A tag of exactly that text, such as a blob id.
    public init(_ value: String) { self.value = value }

    /// A tag of an answer's own bytes.
    public init(of bytes: [UInt8]) { value = Revision(blobOf: bytes).description }

    /// The tag of the same answer, compressed.
    var compressed: EntityTag { EntityTag(value + Self.compressedMark) }

    /// What a compressed answer's tag ends with.
    private static let compressedMark = "-gzip"

    /// Whether `listed` names this tag or that of the compressed answer, which is as new.
    func isNamed(by listed: String) -> Bool {
        guard listed.utf8.starts(with: value.utf8) else { return false }
        let rest = listed.utf8.dropFirst(value.utf8.count)
        return rest.isEmpty || rest.elementsEqual(Self.compressedMark.utf8)
    }

    /// As the `ETag` field carries it.
    public var description: String { "\"\(value)\"" }
}

/// `If-Match` names no tag that the document has: 412.
public struct PreconditionFailed: Error, Hashable, Sendable {
    /// The tag that it has; nil when there is no document.
    public let current: EntityTag?
}

extension Request {
    /// The 304 to answer with when the client has this version already (`If-None-Match`,
    /// RFC 9110, section 13.1.2: weak comparison), else nil.
    public func notModified(_ tag: EntityTag) -> Response? {
        guard headers.contains(.ifNoneMatch) else { return nil }
        let listed = EntityTagList(headers[values: .ifNoneMatch])
        guard listed.contains(tag, comparison: .weak) else { return nil }
        // The client may have the compressed answer, whose tag it wants to see.
        let named = listed.tags.first { tag.isNamed(by: $0.value) }.map { EntityTag($0.value) }
        return .empty(.notModified, headers: [.eTag: (named ?? tag).description])
    }

    /// Checks `If-Match` (RFC 9110, section 13.1.1: strong comparison) and `If-None-Match` of a
    /// write.
    ///
    /// - Parameter current: the tag of what is there; nil when nothing is.
    public func checkPreconditions(current: EntityTag?) throws(PreconditionFailed) {
        let match = EntityTagList(headers[values: .ifMatch])
        if headers.contains(.ifMatch), !match.contains(current, comparison: .strong) {
            throw PreconditionFailed(current: current)
        }
        let noneMatch = EntityTagList(headers[values: .ifNoneMatch])
        if noneMatch.contains(current, comparison: .weak) {
            throw PreconditionFailed(current: current)
        }
    }
}

/// The tags of one conditional field.
struct EntityTagList: Sendable {
    enum Comparison { case strong, weak }

    private(set) var isAny = false
    private(set) var tags: [(value: String, isWeak: Bool)] = []

    /// Reads the field's values; what is no entity tag is passed over.
    init(_ fields: [String]) {
        for field in fields { read(Array(field.utf8)) }
    }

    func contains(_ tag: EntityTag?, comparison: Comparison) -> Bool {
        guard let tag else { return false }
        if isAny { return true }
        return tags.contains { listed in
            tag.isNamed(by: listed.value) && (comparison == .weak || !listed.isWeak)
        }
    }

    private mutating func read(_ field: [UInt8]) {
        var place = 0
        while place < field.count {
            let isWeak = field[place...].starts(with: "W/\"".utf8)
            if isWeak { place += 2 }
            switch field[place] {
            case UInt8(ascii: "*"):
                isAny = true
            case UInt8(ascii: "\""):
                let start = place + 1
                guard let end = field[start...].firstIndex(of: UInt8(ascii: "\"")) else { return }
                tags.append((String(decoding: field[start..<end], as: UTF8.self), isWeak))
                place = end
            default:
                break
            }
            place += 1
        }
    }
}
