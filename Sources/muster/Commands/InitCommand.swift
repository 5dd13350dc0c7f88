import ArgumentParser

/// `muster init DIR`
struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a new registry.",
        discussion: """
            Makes DIR a git repository with the settings, schemas and explanations of a
            registry and one first commit. It has no documents yet.

              muster init registry
              muster init registry --devices 50000

            git rewrites the list of a folder at each commit, so a registry of many
            devices spreads them over nested folders. --devices chooses how deep; up to
            1,000 need none.
            """)

    @Argument(help: "The folder to make. It must be empty or absent.", completion: .directory)
    var directory: String

    @Option(help: "About how many devices the registry will hold.")
    var devices = 1_000

    func validate() throws {
        guard devices >= 0 else { throw ValidationError("--devices is a number from 0 upwards.") }
    }

    func run() throws {
        try NewRegistry.create(at: directory, devices: devices)
        writeOutput(
            """
            \(directory) is a registry now. Serve it:

              muster serve --registry \(directory)
            """)
    }
}
