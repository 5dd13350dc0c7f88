import ArgumentParser
import Registry
import RegistryStore

/// `muster migrate`
struct MigrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate",
        abstract: "Bring a registry to the format of this program.",
        discussion: """
            registry.json says which format a registry has. This says what is to be
            changed to reach the format that this program reads and writes.

              muster migrate registry --dry-run
            """)

    @Argument(help: "The registry.", completion: .directory)
    var directory = "."

    @Flag(help: "Only tell what would be changed.")
    var dryRun = false

    func run() throws {
        try requireFolder(directory)
        let migration: Migration
        do {
            migration = try Migration(
                of: try readFile("\(directory)/\(RegistrySettings.path)"))
        } catch {
            throw Failure("\(directory): \(error)")
        }
        guard !migration.steps.isEmpty else {
            return writeOutput(
                "format \(migration.version) is the newest that this program knows; "
                    + "there is nothing to do")
        }
        for step in migration.steps {
            writeOutput("format \(step.from) to \(step.from + 1): \(step.summary)")
        }
    }
}
