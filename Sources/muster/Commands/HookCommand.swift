import ArgumentParser
import FoundationEssentials
import RegistryStore

/// `muster hook NAME`, which the hooks that the server installs call.
struct HookCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hook", abstract: "Answer a hook of the repository.", shouldDisplay: false)

    @Argument(help: "The hook, pre-commit, pre-receive or proc-receive.")
    var hook: String

    @Option(help: "Where the server listens.")
    var socket: String

    @Argument(parsing: .allUnrecognized, help: "What git gives the hook.")
    var arguments: [String] = []

    func run() throws {
        let server = ServerClient(socket: socket)
        switch ServerHook(rawValue: hook) {
        case .preCommit: try beforeCommit(server)
        case .preReceive: try PushHook(server).inspect()
        case .procReceive: try PushHook(server).receive()
        // A newer server's hook, called by an older program: none of its business.
        case nil: break
        }
    }

    /// Has git's index brought forward, so that the commit takes back nothing that the API wrote.
    private func beforeCommit(_ server: ServerClient) throws {
        let named = ProcessInfo.processInfo.environment["GIT_INDEX_FILE"] ?? ".git/index"
        let here = FileManager.default.currentDirectoryPath
        let index = named.hasPrefix("/") ? named : "\(here)/\(named)"
        guard let answer = server.ask("index \(index)") else {
            return writeError("muster: no server runs here; it takes this commit in when it starts")
        }
        guard answer.trimmed == "ok" else {
            throw Failure(
                "the index could not be brought up to date (\(answer.trimmed)); commit again")
        }
    }
}
