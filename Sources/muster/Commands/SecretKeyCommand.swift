import ArgumentParser
import StateStore

/// `muster secretkey`
struct SecretKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secretkey",
        abstract: "Print a new secret key.",
        discussion: """
            The key is 64 random characters. Give it to the server in its environment, and
            keep it out of the repository and of shell histories:

              MUSTER_SECRET_KEY=$(muster secretkey) muster serve --registry registry

            A server that is given none makes one at its first start and keeps it in its
            state directory. Nothing is signed with the key yet.
            """)

    func run() { writeOutput(SecretKey.random()) }
}
