internal import Crypto
internal import HashTreeCollections

/// A snapshot as bytes, to be read at the next start in place of all documents.
///
/// A run of blocks, each with its length and its SHA-256 before it: the head (whose archive it is,
/// settings, folders, what is irregular), documents in the order of their uids, and the tail (the
/// order of creation, who names whom).
package enum SnapshotArchive {
    /// Changes whenever the form does.
    static let version: UInt32 = 3
    /// So many documents make a block.
    static let blockLimit = 4_096

    /// Gives the blocks of an archive to `write`, one after the other.
    ///
    /// - Parameter program: names the program and its rules; only the same reads it again.
    package static func write<Failure: Error>(
        _ snapshot: Snapshot, program: String, _ write: ([UInt8]) throws(Failure) -> Void
    ) throws(Failure) {
        let folders = snapshot.folderCounts.sorted { $0.key < $1.key }
        let numbers = Dictionary(
            uniqueKeysWithValues: zip(folders.map(\.key), UInt32(0)...))
        try write(block(head(snapshot, program, folders, numbers)))
        var places: [DocumentKey: UInt32] = [:]
        for collection in Collection.allCases {
            var documents = snapshot.regular(collection).makeIterator()
            var place: UInt32 = 0
            while true {
                var slice: [StoredDocument] = []
                while slice.count < blockLimit, let stored = documents.next() {
                    slice.append(stored)
                    if stored.hasReferences { places[stored.key] = place }
                    place += 1
                }
                if slice.isEmpty { break }
                try write(block(documentBlock(collection, slice, numbers)))
            }
        }
        try write(block(tail(snapshot, places)))
    }

    private static func head(
        _ snapshot: Snapshot, _ program: String, _ folders: [(key: FilePath, value: Int)],
        _ numbers: [FilePath: UInt32]
    ) -> ArchiveWriter {
        var head = ArchiveWriter()
        head.write(version)
        head.write(program)
        head.write(snapshot.tree) { $0.write($1) }
        head.write(snapshot.commit) { $0.write($1) }
        head.write(snapshot.settings.canonicalBytes())
        head.write(snapshot.settingsProblem) { $0.write($1) }
        head.write(snapshot.ownPolicy?.canonicalBytes()) { $0.write($1) }
        head.write(snapshot.policyProblem) { $0.write($1) }
        head.write(folders) { head, folder in
            head.write(folder.key.text)
            head.write(UInt32(truncatingIfNeeded: folder.value))
        }
        head.write(Array(snapshot.misspelled)) { head, file in
            head.write(file.key.text)
            head.write(file.value)
        }
        head.write(Array(snapshot.irregular)) { head, document in
            head.write(document.key)
            head.write(Array(document.value)) { head, file in
                head.write(file.key.text)
                head.write(file.value.reason) { $0.write($1) }
                head.write(file.value.document) { head, stored in
                    head.write(stored, folder: numbers[FilePath(stored.folder)] ?? .max)
                }
            }
        }
        return head
    }

    private static func documentBlock(
        _ collection: Collection, _ documents: [StoredDocument], _ numbers: [FilePath: UInt32]
    ) -> ArchiveWriter {
        var block = ArchiveWriter()
        block.write(collection)
        block.write(documents) { block, stored in
            block.write(stored.id.text)
            block.write(stored, folder: numbers[FilePath(stored.folder)] ?? .max)
        }
        return block
    }

    private static func tail(
        _ snapshot: Snapshot, _ places: [DocumentKey: UInt32]
    ) -> ArchiveWriter {
        var tail = ArchiveWriter()
        for collection in Collection.allCases {
            tail.write(collection)
            tail.write(snapshot.creationOrder(of: collection)) { $0.write($1) }
        }
        tail.write(snapshot.references.all) { tail, entry in
            tail.write(entry.target)
            let sources = entry.sources.filter { places[$0] != nil }
            tail.write(sources) { tail, source in
                tail.write(source.collection)
                tail.write(places[source] ?? 0)
            }
        }
        return tail
    }

    private static func block(_ content: ArchiveWriter) -> [UInt8] {
        var head = ArchiveWriter()
        head.write(UInt32(truncatingIfNeeded: content.bytes.count))
        return head.bytes + SHA256.hash(data: content.bytes) + content.bytes
    }
}

extension Snapshot {
    /// The documents of a collection that have one valid file, by uid.
    fileprivate func regular(_ collection: Collection) -> some Sequence<StoredDocument> {
        all(in: collection, order: .uid).lazy.filter { irregular[$0.key] == nil }
    }

    /// Where each document of ``regular(_:)`` stands in it, in the order of creation.
    fileprivate func creationOrder(of collection: Collection) -> [UInt32] {
        var places: [ObjectIdentifier: UInt32] = [:]
        for (place, stored) in zip(UInt32(0)..., regular(collection)) {
            places[ObjectIdentifier(stored)] = place
        }
        return all(in: collection, order: .creation).compactMap { places[ObjectIdentifier($0)] }
    }
}
