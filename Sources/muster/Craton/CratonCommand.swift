import ArgumentParser
import Registry
import RegistryStore
import StateStore

/// `muster craton`
struct CratonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "craton",
        abstract: "Look after what the Craton API needs.",
        subcommands: [CratonBootstrapCommand.self])
}

/// `muster craton bootstrap`
struct CratonBootstrapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap",
        abstract: "Make the first projects and users of the Craton API.",
        discussion: """
            The Craton API (/v1/) answers nobody without a project, a user and a key, so
            the first ones come from a file:

              {"projects": [{"id": "b9f10eca-66ac-4c27-9c13-9d01e65f96b4", "name": "demo"}],
               "users": [{"project_id": "b9f10eca-66ac-4c27-9c13-9d01e65f96b4",
                          "username": "boss", "api_key": "a long random text",
                          "is_root": true, "is_admin": true}]}

            Projects and users become documents; keys are kept in the state directory
            alone, as salted hashes. Running it again changes what has changed, and sets
            the keys again. A running server does it itself.
            """)

    @OptionGroup var place: StateOptions

    @Option(
        help: ArgumentHelp("The file with projects and users.", valueName: "file"),
        completion: .file())
    var file: String

    func run() async throws {
        try requireFolder(place.registry)
        let bytes = try readFile(file)
        do throws(InvalidDocument) {
            _ = try CratonBootstrap(parsing: bytes)
        } catch {
            throw Failure("\(file): \(error)")
        }
        let done = try await WithStore.ask(
            CratonBootstrapping.word, CratonBootstrapping.request(bytes), of: place
        ) { store, state throws(StateError) in
            let credentials = try CredentialStore(in: state)
            defer { credentials.close() }
            return await CratonBootstrapping.answer(
                CratonBootstrapping.request(bytes), store, credentials)
        }
        place.audit.note("craton.bootstrap", subject: file)
        writeOutput(done)
    }
}
