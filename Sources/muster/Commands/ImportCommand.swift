import ArgumentParser
import JSON
import Registry
import RegistryStore
import StateStore

/// `muster import`
struct ImportCommand: AsyncParsableCommand {
    /// What wrote the file.
    enum Source: String, ExpressibleByArgument, CaseIterable {
        case cos, craton
    }

    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take what another server holds into a registry, as one commit.",
        discussion: """
            cos     what `manage.py dumpdata` writes of the COS registration server
            craton  lists as Craton's API answers them, with details=true and
                    resolved-values=false: {"clouds": [...], "hosts": [...], ...},
                    or a list of such objects, one for each page

            Each object becomes one document, with the date that it was made. What cannot
            be taken is named with the reason; what is there already stays. A running
            server does the work, and others' writes wait meanwhile.

              muster import craton fleet.json --registry registry --dry-run
              muster import cos dump.json --registry registry
            """)

    @Argument(help: "What wrote the file: cos or craton.")
    var source: Source

    @Argument(help: "The file.", completion: .file())
    var file: String

    @OptionGroup var place: StateOptions

    @Flag(help: "Only tell what would be taken.")
    var dryRun = false

    func run() async throws {
        try requireFolder(place.registry)
        guard fileExists(file) else { throw Failure("\(file) does not exist") }
        let request = ImportWork.Request(
            source: source, file: absolutePath(file), isTrial: dryRun
        ).text
        let done = try await WithStore.ask(ImportWork.word, request, of: place) {
            store, state throws(StateError) in
            let credentials = try CredentialStore(in: state)
            defer { credentials.close() }
            return await ImportWork.answer(request, store, credentials)
        }
        writeOutput(done)
    }
}

/// The work of `muster import`, in the server or without one.
enum ImportWork {
    /// What the socket knows it by.
    static let word = "import"

    struct Request {
        let source: ImportCommand.Source
        let file: String
        let isTrial: Bool

        var text: String {
            let value: JSONValue = [
                "source": .text(source.rawValue), "file": .text(file), "trial": .bool(isTrial),
            ]
            return value.description
        }
    }

    /// Does it, and says what was taken and what was not.
    static func answer(
        _ text: String, _ store: RegistryStore, _ credentials: CredentialStore
    ) async -> String {
        guard let value = try? JSONValue(parsing: text, options: .document),
            let source = value["source"]?.text.flatMap(ImportCommand.Source.init),
            let file = value["file"]?.text
        else { return "error: unknown request" }
        do {
            let decide = try decision(source, try readFile(file))
            guard value["trial"]?.bool != true else {
                return lines(of: decide(store.index.committed).answer).joined(separator: "\n")
            }
            let done = try await store.submit(
                Transaction(author: .anonymous) { snapshot in decide(snapshot) })
            for key in done.answer.keys {
                try credentials.set(key.key, of: key.user, isRandom: false)
            }
            let commit = done.isNewCommit ? done.commit.map { ["committed as \($0)"] } ?? [] : []
            return (lines(of: done.answer) + commit).joined(separator: "\n")
        } catch let error as RegistryError {
            return "error: \(error.explanation)"
        } catch let error as InvalidDocument {
            return "error: \(file): \(error)"
        } catch let failure as Failure {
            return "error: \(failure.message)"
        } catch {
            return "error: \(error)"
        }
    }

    private static func decision(
        _ source: ImportCommand.Source, _ bytes: [UInt8]
    ) throws -> @Sendable (Snapshot) -> Edit<ImportReport> {
        switch source {
        case .cos:
            let read = try CosImport(parsing: bytes)
            return { read.decide(on: $0) }
        case .craton:
            let read = try CratonImport(parsing: bytes)
            return { read.decide(on: $0) }
        }
    }

    /// What was not taken, then what was.
    static func lines(of report: ImportReport) -> [String] {
        let taken = report.taken.map { "\($0.documents) \($0.collection)" }
        let keys = report.keys.isEmpty ? [] : ["\(report.keys.count) keys of users"]
        let summary = (taken + keys).joined(separator: ", ")
        return report.notes.map { "not taken: \($0)" }
            + [taken.isEmpty ? "nothing to take" : "taken: \(summary)"]
    }
}
