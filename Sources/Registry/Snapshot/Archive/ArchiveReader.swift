internal import JSON

/// Why bytes are no archive of a snapshot that this program can use.
package enum ArchiveError: Error, Hashable {
    /// Cut off, or changed after it was written.
    case torn
    /// Made by another program, or by this one when it was another version.
    case foreign
}

/// Takes an archive apart that ``ArchiveWriter`` has made.
struct ArchiveReader {
    private var rest: UnsafeRawBufferPointer

    /// - Parameter bytes: must outlive the reader.
    init(_ bytes: UnsafeRawBufferPointer) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ count: Int) throws(ArchiveError) -> UnsafeRawBufferPointer {
        guard count >= 0, count <= rest.count else { throw .torn }
        defer { rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count)) }
        return UnsafeRawBufferPointer(rebasing: rest.prefix(count))
    }

    mutating func number<Number: FixedWidthInteger & BitwiseCopyable>(
        _ type: Number.Type = Number.self
    ) throws(ArchiveError) -> Number {
        Number(littleEndian: try take(MemoryLayout<Number>.size).loadUnaligned(as: type))
    }

    mutating func content() throws(ArchiveError) -> UnsafeRawBufferPointer {
        try take(Int(try number(UInt32.self)))
    }

    mutating func text() throws(ArchiveError) -> String {
        guard let text = String(validating: try content(), as: UTF8.self) else { throw .torn }
        return text
    }

    mutating func revision() throws(ArchiveError) -> Revision {
        Revision(words: (try number(), try number(), try number()))
    }

    mutating func list<Element>(
        _ body: (inout ArchiveReader) throws(ArchiveError) -> Element
    ) throws(ArchiveError) -> [Element] {
        let count = Int(try number(UInt32.self))
        // Each element takes a byte at least: what claims more is no reason to make room for it.
        guard count <= rest.count else { throw .torn }
        var elements: [Element] = []
        elements.reserveCapacity(count)
        for _ in 0..<count { elements.append(try body(&self)) }
        return elements
    }

    mutating func optional<Value>(
        _ body: (inout ArchiveReader) throws(ArchiveError) -> Value
    ) throws(ArchiveError) -> Value? {
        try list(body).first
    }

    mutating func collection() throws(ArchiveError) -> Collection {
        let name = try text()
        guard let collection = Collection.allCases.first(where: { $0.name == name }) else {
            throw .foreign
        }
        return collection
    }

    mutating func id() throws(ArchiveError) -> DocumentID {
        guard let id = DocumentID(try text()) else { throw .torn }
        return id
    }

    mutating func key() throws(ArchiveError) -> DocumentKey {
        DocumentKey(try collection(), try id())
    }

    mutating func invalid() throws(ArchiveError) -> InvalidDocument {
        let (reason, rule) = (try text(), try text())
        let pointer = try optional { reader throws(ArchiveError) in try reader.text() }
        let line = try optional { reader throws(ArchiveError) in try reader.number(Int64.self) }
        guard let rule = Problem.Rule(rawValue: rule) else { throw .foreign }
        return InvalidDocument(
            reason, at: pointer.flatMap { try? JSONPointer(parsing: $0) }, line: line.map(Int.init),
            rule: rule)
    }

    mutating func document(
        _ key: DocumentKey, folders: [String], cache: DerivedCache
    ) throws(ArchiveError) -> StoredDocument {
        let folder = Int(try number(UInt32.self))
        guard folders.indices.contains(folder) else { throw .torn }
        let (blob, microseconds) = (try revision(), try number(Int64.self))
        let (flags, size) = (try number(UInt8.self), Int(clamping: try number(UInt64.self)))
        let bytes = try optional { reader throws(ArchiveError) in Array(try reader.content()) }
        guard bytes.map({ $0.count == size }) ?? (cache.source != nil) else { throw .torn }
        return StoredDocument(
            key, bytes: bytes, size: size, blob: blob,
            creationDate: microseconds == .min ? nil : Timestamp(microseconds: microseconds),
            hasReferences: flags & 1 != 0, folder: folders[folder], isLastGood: flags & 2 != 0,
            cache: cache)
    }
}
