internal import Glibc
internal import Registry
internal import Subprocess

/// git's commands towards one upstream.
///
/// Nothing of the configuration of whoever runs the server counts, except what names and proves
/// them: their ssh keys, `~/.netrc`, and a `credential.helper` in the repository's own configuration.
/// The address goes by the environment, because everybody on the machine sees arguments.
struct UpstreamGit: Sendable {
    /// What git did not do, in its own words.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    struct Result: Sendable {
        let isSuccess: Bool
        let output: String
        let error: String
    }

    /// The longest that an upstream may take.
    private static let timeout: Duration = .seconds(600)
    static let remote = "muster-upstream"

    let address: UpstreamAddress
    let repository: String
    /// The one address that the host may have; nil leaves that to whoever git asks.
    var hostAddress: String?

    /// Brings the upstream's branch into the repository, as `reference`.
    ///
    /// - Returns: false when the upstream has no such branch.
    func fetch(_ branch: String, as reference: String) async throws -> Bool {
        let result = try await run(
            "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
            "--no-recurse-submodules", Self.remote, "+\(branch):\(reference)")
        if result.isSuccess { return true }
        if result.error.contains("couldn't find remote ref \(branch)") { return false }
        throw failure(result)
    }

    /// What the upstream's branch is at, without bringing it here; nil where there is none.
    func tip(of branch: String) async throws -> Revision? {
        let result = try await run("ls-remote", "--quiet", Self.remote, branch)
        guard result.isSuccess else { throw failure(result) }
        return Revision(hex: String(result.output.prefix { $0 != "\t" && $0 != "\n" }))
    }

    /// Gives the upstream's branch a commit that rests on what it has.
    ///
    /// - Returns: false when the upstream has moved meanwhile.
    func push(_ commit: Revision, to branch: String) async throws -> Bool {
        let result = try await run(
            "push", "--porcelain", "--no-verify", "--no-recurse-submodules", Self.remote,
            "\(commit):\(branch)")
        if result.isSuccess { return true }
        let isRace = ["(fetch first)", "(non-fast-forward)", "(stale info)"]
            .contains { result.output.contains("[rejected] \($0)") }
        if isRace { return false }
        throw failure(result)
    }

    /// What a reference leads to; nil where there is none.
    func target(of reference: String) async throws -> Revision? {
        let result = try await run("rev-parse", "--verify", "--quiet", reference)
        return result.isSuccess ? Revision(hex: result.output.firstLine) : nil
    }

    func set(_ reference: String, to commit: Revision?) async throws {
        let arguments = commit.map { [reference, "\($0)"] } ?? ["-d", reference]
        let result = try await run(["update-ref"] + arguments)
        guard result.isSuccess else { throw failure(result) }
    }

    func isAncestor(_ old: Revision, of new: Revision) async throws -> Bool {
        try await run("merge-base", "--is-ancestor", "\(old)", "\(new)").isSuccess
    }

    /// How many commits each of two has that the other has not.
    func distance(from ours: Revision, to theirs: Revision) async throws -> (
        ahead: Int, behind: Int
    ) {
        let result = try await run("rev-list", "--left-right", "--count", "\(ours)...\(theirs)")
        let counts = result.output.firstLine.split(separator: "\t").compactMap { Int($0) }
        guard result.isSuccess, counts.count == 2 else { throw failure(result) }
        return (counts[0], counts[1])
    }

    private func run(_ arguments: String...) async throws -> Result { try await run(arguments) }

    private func run(_ arguments: [String]) async throws -> Result {
        var options = PlatformOptions()
        // git's helpers too: they are what waits for an upstream that says nothing.
        options.processGroupID = 0
        options.teardownSequence = [
            .send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(2))
        ]
        let made = options
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await run(arguments, made) }
            group.addTask {
                try await Task.sleep(for: Self.timeout)
                return nil
            }
            defer { group.cancelAll() }
            guard let result = try await group.next() ?? nil else {
                throw Failure(description: "the upstream took longer than \(Self.timeout)")
            }
            return result
        }
    }

    private func run(_ arguments: [String], _ options: PlatformOptions) async throws -> Result {
        let done = try await Subprocess.run(
            .name("git"), arguments: Arguments(["-C", repository] + arguments),
            environment: .inherit.updating(variables), platformOptions: options,
            input: .none, output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        return Result(
            isSuccess: done.terminationStatus.isSuccess, output: done.standardOutput,
            error: done.standardError)
    }

    private func failure(_ result: Result) -> Failure {
        let lines = (result.error + "\n" + result.output).split(separator: "\n")
            .map { $0.split(separator: " ").joined(separator: " ") }
        let telling = lines.filter { line in
            ["fatal:", "error:", "remote:", "!", "ssh:"].contains { line.hasPrefix($0) }
        }
        let words = (telling.isEmpty ? lines : telling).prefix(4).joined(separator: "; ")
        return Failure(description: String(address.redact(words).prefix(600)))
    }

    private var variables: [String: String?] {
        var settings = [
            ("remote.\(Self.remote).url", address.url),
            // Whatever upstream sends is looked at before it is in the repository.
            ("fetch.fsckObjects", "true"),
            ("http.lowSpeedLimit", "1000"), ("http.lowSpeedTime", "30"),
            ("protocol.version", "2"),
        ]
        if let hostAddress {
            let port = address.port ?? (address.transport == .https ? 443 : 80)
            let shown = hostAddress.contains(":") ? "[\(hostAddress)]" : hostAddress
            settings += [
                ("http.curloptResolve", "\(address.host):\(port):\(shown)"),
                ("http.followRedirects", "false"),
            ]
        }
        let removed =
            GitEnvironment.ofRepositories + [
                "GIT_ASKPASS", "SSH_ASKPASS", "GIT_TRACE_CURL", "GIT_CURL_VERBOSE", "GIT_TRACE",
            ]
        var variables: [String: String?] = Dictionary(removed.map { ($0, nil) }) { $1 }
        variables.merge(GitEnvironment.clean(with: settings)) { $1 }
        variables["GIT_ALLOW_PROTOCOL"] =
            address.transport == .folder ? "file" : "https:http:ssh"
        if getenv("GIT_SSH_COMMAND") == nil, getenv("GIT_SSH") == nil {
            variables["GIT_SSH_COMMAND"] =
                "ssh -oBatchMode=yes -oConnectTimeout=20 -oServerAliveInterval=15"
        }
        return variables
    }
}

extension String {
    fileprivate var firstLine: String { String(prefix { $0 != "\n" }) }
}
