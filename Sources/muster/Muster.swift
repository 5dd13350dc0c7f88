import ArgumentParser
import Glibc
import RegistryHTTP

/// The command: `muster <subcommand>`.
@main
struct Muster: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "muster",
        abstract: "A device registry that is a git repository.",
        discussion: """
            Devices, dashboards and rule files are files of a git repository; every
            write through the REST API is a commit, and what people commit is served.

            Start with a new registry, and look at http://127.0.0.1:8000/overview:

              muster init registry
              muster serve --registry registry

            Or see one that is full: muster demo
            """,
        version: serverVersion,
        subcommands: [
            InitCommand.self, ServeCommand.self, DemoCommand.self, ValidateCommand.self,
            DoctorCommand.self, StatusCommand.self, CommitCommand.self, DiscardCommand.self,
            RestoreCommand.self, RevertCommand.self, DeletedCommand.self, PurgeCommand.self,
            MigrateCommand.self,
            StatsCommand.self, ReshardCommand.self, CratonCommand.self,
            AccountCommand.self, TokenCommand.self, StateCommand.self,
            SignCommand.self, VerifyCommand.self,
            LogCommand.self, ShowCommand.self, DiffCommand.self, BlameCommand.self,
            ImportCommand.self, WebhookCommand.self,
            MergeFileCommand.self, SecretKeyCommand.self,
            HookCommand.self,
        ])

    static func main() async {
        Glibc.exit(await run(Array(CommandLine.arguments.dropFirst())))
    }

    /// Runs one command line.
    ///
    /// - Returns: 0 when all is well, 1 when a problem was found or the work could not be done, 2
    ///   when the command line was not understood.
    static func run(_ arguments: [String]) async -> Int32 {
        do {
            var command = try await asyncParseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            return 0
        } catch let failure as Failure {
            writeError("muster: \(failure.message)")
            return failure.exitCode
        } catch {
            return report(error)
        }
    }

    /// Says what the argument parser made of the command line: help, a version, or a mistake.
    private static func report(_ error: any Error) -> Int32 {
        switch exitCode(for: error) {
        case .success:
            writeOutput(fullMessage(for: error))
            return 0
        case .validationFailure:
            writeError(fullMessage(for: error))
            return 2
        case let code:
            let text = message(for: error)
            if !text.isEmpty { writeError("muster: \(text)") }
            return code.rawValue
        }
    }
}
