internal import Git
internal import Glibc
internal import Registry
internal import Subprocess

extension RegistryStore {
    /// Looks whether every commit of a range is covered by a signature that counts: its own, or that
    /// of a commit which descends from it, as a commit names its parents.
    ///
    /// Reads only, also beside a server.
    ///
    /// - Parameters:
    ///   - range: as git writes it, `main`, `v1..main`; a tip alone means all before it.
    ///   - signers: the file of keys that count; nil takes `allowed_signers` as the tip has it.
    public static func verify(
        _ range: String, of directory: String, signers: (name: String, bytes: [UInt8])? = nil
    ) async throws(StoreOpeningError) -> VerificationReport {
        do {
            let handle = try RepositoryHandle(directory)
            return try await HistoryVerification(range, of: handle, directory, signers).report()
        } catch {
            throw StoreOpeningError(error, path: directory)
        }
    }
}

private struct HistoryVerification {
    let handle: RepositoryHandle
    let directory: String
    let tip: ObjectID
    /// The commits of the range, each after those that descend from it.
    let commits: [ObjectID]
    let signersFile: (name: String, bytes: [UInt8])
    let signers: AllowedSigners

    /// Commits that are named one by one.
    private static let listLimit = 1_000

    init(
        _ range: String, of handle: RepositoryHandle, _ directory: String,
        _ given: (name: String, bytes: [UInt8])?
    ) throws {
        let ends = try RevisionRange(range, in: handle.repository, directory)
        self.handle = handle
        self.directory = directory
        tip = ends.tip
        commits = try handle.repository.commits(from: tip, hiding: ends.hidden)
        signersFile = try given ?? Self.signersFile(of: tip, in: handle.database)
        signers = AllowedSigners(signersFile.bytes)
    }

    private static func signersFile(
        of tip: ObjectID, in database: borrowing ObjectDatabase
    ) throws(GitError) -> (name: String, bytes: [UInt8]) {
        var trees = TreeEditor(root: try database.commit(tip).tree)
        let file = try trees.file(at: AllowedSigners.path, in: database)
        let bytes = try file.map { file throws(GitError) in
            try database.read(file.id, as: .blob)
        }
        return ("\(AllowedSigners.path) of \(tip)", bytes ?? [])
    }

    func report() async throws -> VerificationReport {
        var report = VerificationReport(tip: Revision(tip), signersFile: signersFile.name)
        report.commits = commits.count
        var covered: Set<ObjectID> = []
        for id in commits {
            let bytes = try handle.database.read(id, as: .commit)
            let commit = try Commit(parsing: bytes)
            var isCovered = covered.remove(id) != nil
            if !isCovered {
                switch try await judge(id, bytes, commit) {
                case .counts(let cover):
                    report.covers.append(cover)
                    isCovered = true
                case .not(let reason):
                    report.uncoveredCount += 1
                    guard report.uncovered.count < Self.listLimit else { break }
                    report.uncovered.append(
                        .init(
                            commit: Revision(id), author: commit.author.name,
                            subject: commit.subject, reason: reason))
                }
            }
            if isCovered { covered.formUnion(commit.parents) }
        }
        return report
    }

    private enum Judgement {
        case counts(VerificationReport.Cover)
        case not(reason: String)
    }

    private func judge(
        _ id: ObjectID, _ bytes: [UInt8], _ commit: Commit
    ) async throws -> Judgement {
        // What is signed must be what has this name.
        guard GitObject(.commit, bytes).id == id else {
            return .not(reason: "its content does not fit its name")
        }
        let content = SignedContent(of: bytes)
        guard let lines = content.signature else { return .not(reason: "not signed") }
        guard let signature = SSHSignature(armored: lines) else {
            return .not(reason: "signed in a way that allowed signers do not cover")
        }
        let fingerprint = signature.key.fingerprint
        guard signature.namespace == SSHSignature.gitNamespace else {
            return .not(reason: "signed for \(signature.namespace), not for git")
        }
        let seconds = commit.committer.seconds
        guard let signer = signers.signer(signature.key, at: seconds) else {
            let reason =
                signers.names(signature.key)
                ? "signed by \(fingerprint), which did not count at its time"
                : "signed by \(fingerprint), which is no allowed signer"
            return .not(reason: reason)
        }
        let isGood =
            signature.key.kind == SSHPublicKey.ed25519
            ? signature.isValid(for: content.payload) : try await git(verifies: id)
        guard isGood else { return .not(reason: "the signature of \(fingerprint) is wrong") }
        return .counts(
            .init(
                commit: Revision(id), signer: signer.principals, key: fingerprint,
                time: Timestamp(microseconds: seconds &* 1_000_000)))
    }

    /// Leaves keys of other kinds to git and ssh-keygen.
    private func git(verifies id: ObjectID) async throws -> Bool {
        let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        let file = "\(folder)/muster-signers-\(UInt64.random(in: .min ... .max))"
        try FileSystem.create(file, signersFile.bytes, permissions: 0o600)
        defer { try? FileSystem.remove(file) }
        let result = try await Subprocess.run(
            .name("git"),
            arguments: [
                "-C", directory, "-c", "gpg.ssh.allowedSignersFile=\(file)",
                "-c", "gpg.ssh.program=ssh-keygen", "verify-commit", "\(id)",
            ], environment: .inherit.updating(["LC_ALL": "C"]), output: .discarded,
            error: .discarded)
        return result.terminationStatus.isSuccess
    }
}

/// `v1..main`, or a tip alone.
private struct RevisionRange {
    let tip: ObjectID
    let hidden: [ObjectID]

    init(
        _ text: String, in repository: borrowing Repository, _ directory: String
    ) throws(StoreOpeningError) {
        let ends = text.firstRange(of: "..")
        let names = ends.map { [text[..<$0.lowerBound], text[$0.upperBound...]] } ?? [text[...]]
        var ids: [ObjectID] = []
        for name in names {
            guard let id = try? repository.commit(named: name.isEmpty ? "HEAD" : String(name))
            else {
                throw .failed(path: directory, reason: "there is no revision '\(name)'")
            }
            ids.append(id)
        }
        tip = ids.last ?? .zero
        hidden = ids.dropLast()
    }
}
