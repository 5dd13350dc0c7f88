import FoundationEssentials
import Glibc
import Registry
import RegistryStore

/// What `muster doctor` looks at, in the order of its answer.
struct Examination {
    let directory: String
    /// nil: `muster/` in the git directory.
    let state: String?
    private var git: GitProgram { GitProgram(directory: directory) }

    init(directory: String, state: String?) {
        self.directory = directory
        self.state = state
    }

    func findings() async -> [Finding] {
        guard let version = await gitVersion() else {
            return [Finding(.problem, "git cannot be run", advice: "install git 2.34 or newer")]
        }
        if let obstacle = await obstacle() { return [version, obstacle] }
        let gitDirectory = (try? await git.text(["rev-parse", "--absolute-git-dir"])) ?? ""
        var findings = [version]
        findings += permissions(gitDirectory: gitDirectory)
        findings += stateDirectory(gitDirectory: gitDirectory)
        let settings = settings()
        findings.append(settings)
        findings += await branch()
        findings.append(await edits())
        if settings.verdict == .ok { findings += documents() }
        findings += await features()
        return findings
    }

    /// Why there is nothing to examine; nil when there is a registry.
    private func obstacle() async -> Finding? {
        do {
            try requireFolder(directory)
        } catch {
            return Finding(.problem, "\(error)")
        }
        guard let isBare = try? await git.text(["rev-parse", "--is-bare-repository"]) else {
            guard fileExists("\(directory)/.git") else {
                return Finding(
                    .problem, "\(directory) is no git repository", advice: "muster init DIR")
            }
            let path = absolutePath(directory)
            return Finding(
                .problem, "git does not open \(directory), mostly because another user owns it",
                advice: "chown -R \(getuid()) \(path), or "
                    + "git config --global --add safe.directory \(path)")
        }
        guard isBare != "true" else {
            return Finding(
                .problem, "\(directory) is a bare repository",
                advice: "git clone \(directory) registry, and serve the clone")
        }
        let path = RegistrySettings.path
        guard !fileExists("\(directory)/\(path)") else { return nil }
        let isCommitted = (try? await git.run(["cat-file", "-e", "HEAD:./\(path)"])) != nil
        return isCommitted
            ? nil
            : Finding(
                .problem, "\(directory) has no \(path): it is no registry",
                advice: "muster init DIR")
    }

    /// Whether git is there and new enough; nil when it cannot be run.
    private func gitVersion() async -> Finding? {
        guard let text = try? await GitProgram(directory: ".").text(["version"]) else { return nil }
        let numbers = text.split { !"0123456789".contains($0) }.compactMap { Int($0) }
        let isOld = (numbers.first ?? 0, numbers.dropFirst().first ?? 0) < (2, 34)
        return isOld
            ? Finding(.warning, "\(text) is old", advice: "install git 2.34 or newer")
            : Finding(.ok, text)
    }

    private func permissions(gitDirectory: String) -> [Finding] {
        [directory, gitDirectory].map { (path: String) -> Finding in
            guard access(path, R_OK | W_OK | X_OK) == 0 else {
                return Finding(
                    .problem, "\(path) cannot be written by this user; \(systemReason())",
                    advice: "chown -R \(getuid()) \(absolutePath(path))")
            }
            return Finding(.ok, "\(path) can be read and written")
        }
    }

    private func stateDirectory(gitDirectory: String) -> [Finding] {
        let path = state ?? "\(gitDirectory)/muster"
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        guard let permissions = attributes?[.posixPermissions] as? Int else {
            return [Finding(.ok, "\(path) will be made by the server")]
        }
        guard permissions & 0o077 == 0 else {
            return [
                Finding(
                    .problem, "\(path) can be read by others, and it holds secrets",
                    advice: "chmod -R go= \(path)")
            ]
        }
        return [Finding(.ok, "\(path) is this user's alone")]
    }

    private func settings() -> Finding {
        let path = "\(directory)/\(RegistrySettings.path)"
        guard let bytes = try? readFile(path) else {
            return Finding(
                .problem, "\(path) is missing in the working tree",
                advice: "git restore \(RegistrySettings.path)")
        }
        if let version = RegistrySettings.newerFormat(of: bytes) {
            return Finding(
                .problem, "\(path) has format \(version), which this program does not know",
                advice: "install a newer muster")
        }
        do {
            let settings = try RegistrySettings(parsing: bytes)
            return Finding(.ok, "\(path) has format \(settings.formatVersion)")
        } catch {
            return Finding(
                .problem, "\(path): \(error)",
                advice: "correct it, or git restore \(RegistrySettings.path)")
        }
    }

    private func branch() async -> [Finding] {
        let bytes = (try? readFile("\(directory)/\(RegistrySettings.path)")) ?? []
        let served = (try? RegistrySettings(parsing: bytes))?.servedBranch ?? "main"
        guard let head = try? await git.text(["symbolic-ref", "--quiet", "--short", "HEAD"]) else {
            return [
                Finding(
                    .problem, "HEAD is on no branch, so nothing can be written",
                    advice: "git switch \(served)")
            ]
        }
        guard head == served else {
            return [
                Finding(
                    .problem, "HEAD is on \(head); \(served) is served, and nothing can be written",
                    advice: "git switch \(served)")
            ]
        }
        let rewound =
            (try? await git.text([
                "for-each-ref", "--format=%(refname:short)", "refs/heads/rewound-*",
            ])) ?? ""
        let tips = rewound.split(separator: "\n").map { tip in
            Finding(
                .warning, "\(tip) keeps a commit that was taken back by hand",
                advice: "look at it, then git branch -D \(tip)")
        }
        return [Finding(.ok, "HEAD is on \(head), which is served")] + tips
    }

    private func edits() async -> Finding {
        let text = (try? await git.text(["status", "--porcelain"])) ?? ""
        let lines = text.split(separator: "\n")
        guard let first = lines.first else { return Finding(.ok, "no uncommitted edits") }
        let more = lines.count > 1 ? " and \(lines.count - 1) more" : ""
        return Finding(
            .warning, "uncommitted edits: \(first.drop { $0 == " " })\(more)",
            advice: "git add and git commit, or git restore")
    }

    /// Each problem that validation finds, full folders among them; the first twenty.
    private func documents() -> [Finding] {
        let snapshot: Snapshot
        do throws(StoreOpeningError) {
            snapshot = try RegistryStore.loadFiles(directory)
        } catch {
            return [Finding(.problem, "the documents cannot be read: \(error)")]
        }
        let report = ValidationReport(snapshot)
        let shown = report.problems.prefix(20).map { problem in
            Finding(
                problem.severity == .error ? .problem : .warning, "\(problem)",
                advice: advice(for: problem))
        }
        let more = report.problems.count - shown.count
        let rest =
            more > 0
            ? [Finding(.warning, "and \(more) more", advice: "muster validate \(directory)")] : []
        return shown.isEmpty ? [Finding(.ok, report.summary)] : shown + rest
    }

    private func advice(for problem: Problem) -> String {
        switch problem.rule {
        case .fullFolder:
            "muster reshard \(directory)"
        case .secret: "take it out, and replace the secret: the history has it"
        case .doubledUID: "delete one of the two files"
        case .fileName, .caseTwin: "rename the file"
        case .sharedName: "give one of them another name"
        case .doubledNumber: "take craton.id out of the newer one, or leave both as they are"
        case .cycle: "give one of the devices another parent, or none"
        case .reference: "name a document that exists, or remove the reference"
        case .syntax, .content: "correct the file, or git restore \(problem.path)"
        }
    }

    /// What libgit2 cannot open, and whether the server's hooks are there.
    private func features() async -> [Finding] {
        var findings: [Finding] = []
        let isSparse = (try? await git.text(["config", "--bool", "index.sparse"])) == "true"
        let isSplit = (try? await git.text(["config", "--bool", "core.splitIndex"])) == "true"
        if isSparse {
            findings.append(
                Finding(
                    .problem, "the index is sparse, which the server cannot read",
                    advice: "git sparse-checkout disable"))
        }
        if isSplit {
            findings.append(
                Finding(
                    .problem, "the index is split, which the server cannot read",
                    advice: "git config core.splitIndex false && git update-index --no-split-index")
            )
        }
        let hooks = (try? await git.text(["config", "core.hooksPath"])) ?? ""
        findings.append(
            fileExists("\(hooks)/pre-commit") && !hooks.isEmpty
                ? Finding(.ok, "the server's hooks are installed")
                : Finding(
                    .ok, "the server's hooks are not installed yet; it does that at each start"))
        return findings
    }
}
