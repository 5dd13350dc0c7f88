internal import JSON

/// Bytes of a snapshot's archive in the making: numbers are little-endian, text has its length
/// before it.
struct ArchiveWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ number: some FixedWidthInteger) {
        withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }

    mutating func write(_ content: [UInt8]) {
        write(UInt32(truncatingIfNeeded: content.count))
        bytes += content
    }

    mutating func write(_ text: String) {
        write(UInt32(truncatingIfNeeded: text.utf8.count))
        bytes += text.utf8
    }

    mutating func write(_ revision: Revision) {
        let words = revision.words
        write(words.0)
        write(words.1)
        write(words.2)
    }

    /// Each element by `body`, with their number before them.
    mutating func write<Element>(
        _ elements: some Swift.Collection<Element>, _ body: (inout ArchiveWriter, Element) -> Void
    ) {
        write(UInt32(truncatingIfNeeded: elements.count))
        for element in elements { body(&self, element) }
    }

    mutating func write<Value>(_ value: Value?, _ body: (inout ArchiveWriter, Value) -> Void) {
        write(value.map { CollectionOfOne($0) }.map(Array.init) ?? [], body)
    }

    mutating func write(_ collection: Collection) { write(collection.name) }

    mutating func write(_ key: DocumentKey) {
        write(key.collection)
        write(key.id.text)
    }

    mutating func write(_ invalid: InvalidDocument) {
        write(invalid.reason)
        write(invalid.rule.rawValue)
        write(invalid.pointer?.description) { $0.write($1) }
        write(invalid.line.map { Int64($0) }) { $0.write($1) }
    }

    /// All but the key and the folder, which documents share.
    mutating func write(_ stored: StoredDocument, folder: UInt32) {
        write(folder)
        write(stored.blob)
        write(stored.creationDate?.microseconds ?? .min)
        write((stored.hasReferences ? 1 : 0) | (stored.isLastGood ? 2 : 0) as UInt8)
        write(UInt64(stored.size))
        write(stored.isLarge ? nil : stored.bytes) { $0.write($1) }
    }
}
