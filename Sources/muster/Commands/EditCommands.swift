import ArgumentParser
import Registry
import RegistryStore

/// `muster commit`
struct CommitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "commit",
        abstract: "Commit edits of the served files.",
        discussion: """
            Has the running server commit what was edited in its working tree, just as the
            files are now, in one commit. Without a PATH, all edits that are valid. An edit
            that is not valid is refused with the reason, and nothing is committed.

              muster commit -m 'Move robot-1 to hall 2' devices/robot-1.json
            """)

    @Option(help: "The registry.", completion: .directory)
    var registry = "."

    @Option(name: .shortAndLong, help: "What is changed and why; says the files when left out.")
    var message: String?

    @Argument(help: "Files, from the top of the registry.", completion: .file())
    var paths: [String] = []

    func run() async throws {
        try requireFolder(registry)
        let author = await Author(ofGitIn: registry)
        let done = try asServer(of: registry) { server throws(RegistryError) in
            try server.commit(paths.isEmpty ? nil : paths, message: message, author: author)
        }
        for path in done.paths { writeOutput(path) }
        if let commit = done.commit { writeOutput("committed as \(commit)") }
    }
}

/// `muster discard`
struct DiscardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "discard",
        abstract: "Take back edits of the served files.",
        discussion: """
            Has the running server put the committed content in the place of what was
            edited. The edit is kept in the state directory, and where is printed.

              muster discard devices/robot-1.json
            """)

    @Option(help: "The registry.", completion: .directory)
    var registry = "."

    @Argument(help: "Files, from the top of the registry.", completion: .file())
    var paths: [String]

    func run() throws {
        try requireFolder(registry)
        let done = try asServer(of: registry) { server throws(RegistryError) in
            try server.discard(paths)
        }
        for (path, copy) in zip(done.paths, done.copies) {
            writeOutput(copy.isEmpty ? "\(path) is back" : "\(path) is back; the edit is \(copy)")
        }
    }
}

/// Asks the server that runs for a registry.
private func asServer<Answer>(
    of registry: String, _ body: (ServerClient) throws(RegistryError) -> Answer?
) throws -> Answer {
    let client: ServerClient
    do throws(StoreOpeningError) {
        client = try ServerClient(registry: registry)
    } catch {
        throw Failure("\(error)")
    }
    let answer: Answer?
    do throws(RegistryError) {
        answer = try body(client)
    } catch {
        throw Failure(error.explanation)
    }
    guard let answer else {
        throw Failure("no server runs for \(registry); use git there, as in any repository")
    }
    return answer
}
