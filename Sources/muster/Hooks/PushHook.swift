import FoundationEssentials
import Glibc
import JSON
import Registry
import RegistryStore

/// What git asks when somebody pushes; the running server answers.
struct PushHook {
    private let server: ServerClient
    private let environment = ProcessInfo.processInfo.environment

    /// More would be too long a line for the server.
    private static let mostUpdates = 10_000

    init(_ server: ServerClient) { self.server = server }

    /// `pre-receive` (githooks): ends well when all of the push may come in.
    ///
    /// - Throws: ``Failure`` after the reasons.
    func inspect() throws {
        var push = try push()
        while let line = readLine() {
            if let update = Push.Update(line: line) { push.updates.append(update) }
            guard push.updates.count <= Self.mostUpdates else {
                throw Failure(
                    "a push moves at most \(Self.mostUpdates) references; push less at a time")
            }
        }
        let answer = try ask(.preReceive, push)
        for line in answer.lines { writeError("muster: \(line)") }
        if answer.isRefused { throw Failure("nothing was changed") }
    }

    /// `proc-receive` (githooks): the server moves what git leaves to it, and git tells the client.
    func receive() throws {
        guard let greeting = try PacketLine.readSection().first else {
            throw Failure("git said nothing to proc-receive")
        }
        let features = greeting.split(separator: "\0").dropFirst().flatMap {
            $0.split(separator: " ")
        }
        let hasOptions = features.contains("push-options")
        PacketLine.write(["version=1" + (hasOptions ? "\0push-options" : "")])
        var push = try push()
        push.updates = try PacketLine.readSection().compactMap { Push.Update(line: $0) }
        if hasOptions { push.options = try PacketLine.readSection() }
        push.isAtomic = features.contains("atomic")
        // The objects have come in by now.
        push.quarantine = nil
        let answer = try ask(.procReceive, push)
        for line in answer.lines { writeError("muster: \(line)") }
        PacketLine.write(answer.outcomes.flatMap(report))
    }

    /// The lines about one reference that `proc-receive` gives git.
    private func report(_ outcome: PushAnswer.Outcome) -> [String] {
        if let refusal = outcome.refusal { return ["ng \(outcome.reference) \(refusal)"] }
        var lines = ["ok \(outcome.reference)"]
        if let instead = outcome.instead { lines.append("option refname \(instead)") }
        if let target = outcome.target { lines.append("option new-oid \(target)") }
        return lines
    }

    /// What git's environment says about the push.
    private func push() throws -> Push {
        let count = environment["GIT_PUSH_OPTION_COUNT"].flatMap { Int($0) } ?? 0
        let options = (0..<max(0, min(count, 1_000))).compactMap { number in
            environment["GIT_PUSH_OPTION_\(number)"]
        }
        return Push(
            updates: [], options: options, caller: try caller,
            quarantine: environment["GIT_QUARANTINE_PATH"].map(absolutePath))
    }

    /// Who pushes, as the server has told git that it started for the request.
    private var caller: Caller? {
        get throws {
            guard let text = environment[Push.callerVariable] else { return nil }
            let json = try? JSONValue(parsing: text, options: .document)
            guard let caller = json.flatMap({ Caller(json: $0) }) else {
                throw Failure("nobody knows who pushes: \(Push.callerVariable) makes no sense")
            }
            return caller
        }
    }

    private func ask(_ hook: ServerHook, _ push: Push) throws -> PushAnswer {
        guard let answer = server.ask(hook, push) else {
            throw Failure(
                "no server runs here, and pushes are taken in by it alone; start it (muster serve), "
                    + "and push again")
        }
        return answer
    }
}
