import ArgumentParser
import RegistryStore
import StateStore

/// `muster state`
struct StateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "state",
        abstract: "Back up what no clone has: accounts, secrets, signals.",
        discussion: """
            A clone has every document and its history, and nothing of the state directory.
            Both together are the whole registry:

              git clone --mirror registry registry.git
              muster state backup --registry registry state.backup

            The file is encrypted with a passphrase (scrypt, ChaCha20-Poly1305); without it
            nobody can read it, you neither.
            """,
        subcommands: [StateBackupCommand.self, StateRestoreCommand.self])
}

/// Where a passphrase comes from.
struct PassphraseOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file whose first line is the passphrase. Without it the passphrase is asked for, or "
                + "read from standard input where that is no terminal.", valueName: "file"),
        completion: .file())
    var passphraseFile: String?

    func passphrase(isNew: Bool) throws -> String {
        try TypedSecret.read("Passphrase", from: passphraseFile, isNew: isNew)
    }
}

/// `muster state backup`
struct StateBackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write the state into one encrypted file; a server may run.")

    @Argument(help: "The file; one that is there is replaced.", completion: .file())
    var file: String

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var options: StateOptions

    func run() throws {
        let places = try options.places
        let text = try passphrase.passphrase(isNew: true)
        do {
            let names = try StateBackup.write(
                .open(of: places), to: file, passphrase: text,
                more: (folder: places.service, names: ["generation", "renewals"]))
            options.audit.note("state.backup", subject: file)
            for name in names { writeOutput(name) }
        } catch {
            throw Failure("\(error)")
        }
    }
}

/// `muster state restore`
struct StateRestoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Put what a backup holds in the place of the state that is there.",
        discussion: """
            Stop the server first. The whole backup is checked before anything is changed,
            and what was there is kept in a folder that is printed.
            """)

    @Argument(help: "What `muster state backup` has written.", completion: .file())
    var file: String

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var options: StateOptions

    func run() throws {
        let places = try options.places
        let text = try passphrase.passphrase(isNew: false)
        do {
            try places.whileUnused {
                let done = try StateBackup.restore(
                    file, into: .open(of: places), passphrase: text)
                options.audit.note("state.restore", subject: file)
                for name in done.files { writeOutput(name) }
                if let before = done.before { writeOutput("what was there is in \(before)") }
            }
        } catch {
            throw Failure("\(error)")
        }
    }
}
