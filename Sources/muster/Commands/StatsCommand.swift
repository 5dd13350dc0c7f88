import ArgumentParser
import JSON

/// `muster stats`
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Tell how much a registry holds and how fast it grows.",
        discussion: """
            Counts the documents and commits of the served branch, what git's objects and
            the working tree take on disk, what the history adds a day on average, and
            names the largest documents. A server may run or not.

              muster stats registry
              muster stats --json | jq .documents
            """)

    @Argument(help: "The registry.", completion: .directory)
    var directory = "."

    @Option(help: "How many of the largest documents are named.")
    var largest = 5

    @Flag(help: "Print one JSON object for scripts.")
    var json = false

    func validate() throws {
        guard largest >= 0 else { throw ValidationError("--largest is a number from 0 upwards.") }
    }

    func run() async throws {
        try requireFolder(directory)
        let statistics = try await RegistryStatistics(of: directory, largest: largest)
        guard json else { return writeOutput(statistics.text) }
        writeJSON(statistics.json)
    }
}
