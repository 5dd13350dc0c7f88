import ArgumentParser
import JSON
import Registry
import RegistryStore

/// `muster sign`
struct SignCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sign",
        abstract: "Let the server sign its commits, so that a copy can be told from a forgery.",
        discussion: """
            The last commit of each batch is signed with a key of the server (Ed25519, in
            the state directory), which covers all commits before it. The file
            allowed_signers of the registry names the key:

              muster sign on registry
              muster sign show registry      the key, to compare it from elsewhere
              muster sign renew registry     a new key; what the old one signed stays good
              muster sign off registry

              git config gpg.ssh.allowedSignersFile allowed_signers
              git log --show-signature
              muster verify registry

            on, off and renew are commits: "sign_commits" of registry.json does the same by
            a pull request.
            """)

    @Argument(help: "on, off, renew or show.", transform: Self.order)
    var order: SigningOrder

    @Argument(help: "The registry.", completion: .directory)
    var directory = "."

    @Option(help: "The state directory, where it is not in the git directory.")
    var state: String?

    @Flag(help: "Print one JSON object for scripts.")
    var json = false

    private static func order(_ word: String) throws -> SigningOrder {
        guard let order = SigningOrder(rawValue: word) else {
            throw ValidationError("'\(word)' is none of on, off, renew and show.")
        }
        return order
    }

    func run() async throws {
        try requireFolder(directory)
        let signing: SigningState
        do throws(RegistryError) {
            signing = try await done()
        } catch {
            throw Failure(error.explanation)
        }
        if order != .show {
            CommandAudit(registry: directory, state: state)
                .note("sign.\(order.rawValue)", subject: signing.fingerprint)
        }
        if json {
            writeJSON(signing.json)
        } else {
            for line in lines(of: signing) { writeOutput(line) }
        }
    }

    /// Asks the running server, or does its work where there is none.
    private func done() async throws(RegistryError) -> SigningState {
        let client = try? ServerClient(registry: directory)
        if let done = try client?.sign(order) { return done }
        return try await withOwnStore(of: directory, state: state) { store throws(RegistryError) in
            try await store.sign(order)
        }
    }

    private func lines(of state: SigningState) -> [String] {
        var lines = ["commits are \(state.isOn ? "" : "not ")signed"]
        if let key = state.allowedSigner { lines.append(key) }
        if let fingerprint = state.fingerprint { lines.append("fingerprint \(fingerprint)") }
        if let commit = state.commit { lines.append("committed as \(commit)") }
        return lines
    }
}
