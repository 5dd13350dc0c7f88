import ArgumentParser

/// `muster serve`
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a registry.",
        discussion: """
            Serves the registry that --registry names (else the current folder) until it
            is stopped with Ctrl-C or SIGTERM.

              muster serve --registry registry
              MUSTER_PORT=8080 muster serve --registry registry --host ::1

            Every option can also be an environment variable, MUSTER_PUBLIC_URL for
            --public-url, or a member of a settings file, {"publicUrl":
            "https://registry.example.com"}. A flag goes before the environment, and
            that before the file.
            """)

    @Option(
        help: ArgumentHelp("The registry to serve. [.]", valueName: "dir"), completion: .directory)
    var registry: String?

    @Option(
        help: ArgumentHelp(
            "Where signals and secrets are kept. [muster/ in the git directory]", valueName: "dir"),
        completion: .directory)
    var state: String?

    @OptionGroup var options: ServerOptions

    // What measurements compare with: it serves nobody.
    @Flag(help: ArgumentHelp("Answer below /reference/ from memory.", visibility: .hidden))
    var reference = false

    func run() async throws {
        let settings = try options.settings(adding: [.registry: registry, .state: state])
        try await Server.run(settings, withReference: reference)
    }
}
