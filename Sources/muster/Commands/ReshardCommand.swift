import ArgumentParser
import Registry
import RegistryStore

/// `muster reshard`
struct ReshardCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reshard",
        abstract: "Spread the files of collections over more folders, or fewer.",
        discussion: """
            git rewrites the list of a folder at each commit, so folders of more than
            2,000 documents make every write slow. This moves the files of a collection
            to as many nested folders as DEPTH says (0 to 4, sixteen times as many each)
            and notes it in registry.json, in one commit. Histories go on, and a clone
            merges across it. Files in folders that people have made stay.

              muster reshard registry                what suits the number of documents
              muster reshard registry devices 2
              muster reshard registry devices 2 --dry-run

            A running server does it itself; others' writes wait some 50 microseconds a
            file. Files with uncommitted edits are named, and nothing is moved.
            """)

    @Argument(
        help: ArgumentHelp("The registry, then a collection and a depth. [.]", valueName: "dir"),
        completion: .directory)
    var words: [String] = []

    @Flag(help: "Only tell what would be moved.")
    var dryRun = false

    private var directory: String { words.count.isMultiple(of: 2) ? "." : words[0] }

    /// By the collections' names; empty for what suits.
    private var fanOut: [String: Int] {
        let pair = words.suffix(2)
        guard words.count >= 2, let name = pair.first, let depth = pair.last.flatMap({ Int($0) })
        else { return [:] }
        return [name: depth]
    }

    func validate() throws {
        guard words.count <= 3 else { throw ValidationError("Name DIR, COLLECTION and DEPTH.") }
        guard words.count >= 2 else { return }
        guard let (name, depth) = fanOut.first, FileLayout.depths.contains(depth) else {
            throw ValidationError("A depth is a number from 0 to 4.")
        }
        let names = DocumentKind.all.map(\.collection.name)
        guard names.contains(name) else {
            throw ValidationError(
                "There is no collection '\(name)'; there are \(names.joined(separator: ", ")).")
        }
    }

    func run() async throws {
        try requireFolder(directory)
        let done: Resharding
        do throws(RegistryError) {
            done = try await reshard()
        } catch {
            throw Failure(error.explanation)
        }
        for line in Self.lines(of: done, isTrial: dryRun) { writeOutput(line) }
    }

    /// Asks the running server, or does its work where there is none.
    private func reshard() async throws(RegistryError) -> Resharding {
        let client = try? ServerClient(registry: directory)
        if let done = try client?.reshard(to: fanOut, isTrial: dryRun) { return done }
        return try await withOwnStore(of: directory) { store throws(RegistryError) in
            try await store.reshard(to: fanOut, isTrial: dryRun)
        }
    }

    /// One line for each collection.
    static func lines(of done: Resharding, isTrial: Bool) -> [String] {
        guard !done.parts.isEmpty else { return ["every file is where it should be"] }
        return done.parts.map { part in
            "\(part.collection): \(part.files) files \(isTrial ? "would move" : "moved") "
                + "to fan-out \(part.depth)"
        } + (done.commit.map { ["committed as \($0)"] } ?? [])
    }
}
