import ArgumentParser
import JSON
import Registry
import RegistryStore

/// `muster restore`
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Restore a document as it was at another time.",
        discussion: """
            Puts a version of a document in the place of what is there now, in one commit.
            A document that was deleted comes back as it was last.

              muster restore devices/robot-1
              muster restore devices/robot-1 --at 2026-01-31T12:00:00Z --dry-run
              muster restore devices/robot-1 --needed

            A running server does it itself.
            """)

    @Argument(help: "The document, as COLLECTION/UID.")
    var document: String

    @Option(help: "A commit, branch, tag or time that has the version.")
    var at: String?

    @OptionGroup var options: UndoOptions

    func run() async throws {
        try await options.run(.restore(try Self.key(document), at: at))
    }

    /// `devices/robot-1`, or the path of the document's file.
    static func key(_ text: String) throws -> DocumentKey {
        for kind in DocumentKind.all where text.hasPrefix(kind.collection.name + "/") {
            let uid = text.dropFirst(kind.collection.name.utf8.count + 1)
            if case .document(let key) = FileLayout.key(ofPath: text) { return key }
            if let id = DocumentID(String(uid)) { return DocumentKey(kind.collection, id) }
        }
        let names = DocumentKind.all.map(\.collection.name).joined(separator: ", ")
        throw Failure(
            usage: "'\(text)' is no document; write COLLECTION/UID, with one of \(names)")
    }
}

/// `muster revert`
struct RevertCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revert",
        abstract: "Take back a commit, or all commits between two.",
        discussion: """
            Makes one new commit that takes back what another has done, or a merge, or
            everything from one state to another. What was changed since in other fields
            stays. Look at what it would do first:

              muster revert 3f2a91bc --dry-run
              muster revert 3f2a91bc
              muster revert 2026-01-31T12:00:00Z..HEAD

            A running server does it itself.
            """)

    @Argument(help: "A commit, or OLDER..NEWER.")
    var commit: String

    @OptionGroup var options: UndoOptions

    func run() async throws {
        guard let dots = commit.firstRange(of: "..") else {
            return try await options.run(.revert(commit: commit))
        }
        let (from, to) = (String(commit[..<dots.lowerBound]), String(commit[dots.upperBound...]))
        guard !from.isEmpty else { throw Failure(usage: "name the older state: OLDER..NEWER") }
        try await options.run(.revertRange(from: from, to: to.isEmpty ? "HEAD" : to))
    }
}

/// `muster deleted`
struct DeletedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deleted",
        abstract: "List the documents that were deleted, newest first.",
        discussion: """
            Says when and by which commit each was removed; `muster restore` brings one
            back. The first 100, or all of them.
            """)

    @Option(help: "The registry.", completion: .directory)
    var registry = "."

    @Flag(help: "All of them.")
    var all = false

    @Flag(help: "Print a JSON object.")
    var json = false

    func run() async throws {
        try requireFolder(registry)
        var found: [JSONValue] = []
        var cursor: String?
        do throws(RegistryError) {
            repeat {
                let page = try await page(after: cursor)
                found += page["deleted"]?.array ?? []
                cursor = page["next"]?.text
            } while cursor != nil && (all || found.count < 100)
        } catch {
            throw Failure(error.explanation)
        }
        guard !json else { return writeJSON(["deleted": .array(found)]) }
        if found.isEmpty { writeOutput("no document was deleted") }
        for item in found {
            let date = item["date"]?.text?.prefix(16) ?? "?"
            let id = item["commit"]?.text?.prefix(10) ?? "?"
            writeOutput(
                "\(date) \(id) \(item["document"]?.text ?? "?") (\(item["author"]?.text ?? "?"))")
        }
        if cursor != nil { writeOutput("there are more: --all") }
    }

    private func page(after cursor: String?) async throws(RegistryError) -> JSONValue {
        let client = try? ServerClient(registry: registry)
        if let page = try client?.deleted(after: cursor) { return page }
        return try await withOwnStore(of: registry) { store throws(RegistryError) in
            await store.bringHistoryForward()
            return try await store.deleted(after: cursor, limit: 100).json
        }
    }
}
