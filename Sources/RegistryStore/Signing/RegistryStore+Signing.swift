internal import Git
internal import Logging
public import Registry

/// What is to be done about the signatures of the server.
public enum SigningOrder: String, Sendable, CaseIterable {
    case show
    /// Sign the last commit of each batch from now on.
    case on
    case off
    /// Sign with a new key; what the old one signed stays good.
    case renew
}

/// Whether the server signs its commits, and with what.
public struct SigningState: Hashable, Sendable {
    public var isOn: Bool
    /// The public key, `ssh-ed25519 AAAA...`; nil before the first.
    public var key: String?
    /// `SHA256:...`
    public var fingerprint: String?
    /// The line of `allowed_signers` that names the key.
    public var allowedSigner: String?
    /// The commit that was made.
    public var commit: Revision?
}

extension RegistryStore {
    /// Whose the server's key is.
    private static let principal = Signature.serverEmail

    /// Tells, switches or renews what the server signs with.
    ///
    /// Switching it on or off changes `registry.json`, reviewed like all settings; keys are named in
    /// `allowed_signers`.
    ///
    /// - Throws: ``RegistryError/uncommittedEdit(path:)`` when a person is at work in one of the two.
    public func sign(_ order: SigningOrder) throws(RegistryError) -> SigningState {
        if order == .show { return try state(key: SigningKey(in: stateDirectory), commit: nil) }
        settleFiles()
        try requireWritable()
        let isOn = committed.settings.signsCommits
        switch order {
        case .renew:
            guard isOn else { throw .storage(reason: "nothing is signed yet; switch it on first") }
            return try renewKey()
        default:
            guard isOn != (order == .on) else {
                return try state(key: SigningKey(in: stateDirectory), commit: nil)
            }
            return try switchSigning(order == .on)
        }
    }

    private func state(
        key: SigningKey?, commit: ObjectID?
    ) throws(RegistryError) -> SigningState {
        let key = key?.publicKey
        return SigningState(
            isOn: committed.settings.signsCommits, key: key?.description,
            fingerprint: key?.fingerprint,
            allowedSigner: key.map { AllowedSigner(principals: Self.principal, key: $0).line },
            commit: commit.map { Revision($0) })
    }

    private func switchSigning(_ isOn: Bool) throws(RegistryError) -> SigningState {
        var settings = try settingsOfBranch()
        settings.signsCommits = isOn
        var files = [(path: RegistrySettings.path, bytes: settings.canonicalBytes())]
        let key = isOn ? try makeKey() : currentSigner()
        if isOn, let key = key?.publicKey {
            var signers = try allowedSigners()
            if signers.signer(key, at: Clock.seconds) == nil {
                signers.add(key, for: Self.principal)
                files.append((AllowedSigners.path, signers.bytes))
            }
        }
        signer = key
        let subject = "registry.json: sign commits \(isOn ? "from now on" : "no longer")"
        return try state(key: key, commit: commit(files, subject, signedBy: key))
    }

    /// The present key, or a new one where there is none or where it counts no longer.
    private func makeKey() throws(RegistryError) -> SigningKey {
        let signers = try allowedSigners()
        if let key = try SigningKey(in: stateDirectory) {
            let isRetired =
                signers.names(key.publicKey)
                && signers.signer(key.publicKey, at: Clock.seconds) == nil
            if !isRetired { return key }
        }
        let key = SigningKey()
        try key.keep(in: stateDirectory)
        return key
    }

    /// The commit that retires the old key is the last that it signs.
    private func renewKey() throws(RegistryError) -> SigningState {
        let old = try makeKey()
        let new = SigningKey()
        var signers = try allowedSigners()
        let now = Clock.seconds
        signers.retire(old.publicKey, at: now)
        signers.add(new.publicKey, for: Self.principal)
        let commit = try commit(
            [(AllowedSigners.path, signers.bytes)],
            "\(AllowedSigners.path): renew the server's key",
            signedBy: old, at: now)
        // A server that is killed here finds its key retired, and makes one more.
        try new.keep(in: stateDirectory)
        signer = new
        return try state(key: new, commit: commit)
    }

    /// Signs what is about to become the tip of the served branch, where that is asked for.
    func signed(_ commit: Commit) -> GitObject {
        GitObject(.commit, (currentSigner()?.signed(commit) ?? commit).bytes)
    }

    /// nil where nothing is to be signed, and while the key is not named yet: the commit that names
    /// it covers what was before.
    func currentSigner() -> SigningKey? {
        guard committed.settings.signsCommits else { return nil }
        if let signer { return signer }
        do throws(RegistryError) {
            guard let key = try SigningKey(in: stateDirectory),
                try allowedSigners().signer(key.publicKey, at: Clock.seconds) != nil
            else { return nil }
            signer = key
        } catch {
            note(error.explanation, "Commits are not signed.")
        }
        return signer
    }

    /// Names the server's key in `allowed_signers` where a person has switched the signatures on, or
    /// has taken the key out, and takes a new one where a person has retired it.
    func keepAllowedSigners() {
        guard committed.settings.signsCommits, !options.readOnly else { return }
        do throws(RegistryError) {
            let file = try allowedSignersFile()
            guard file == nil || file != knownSigners else { return }
            signer = try makeKey()
            var signers = try allowedSigners()
            if let key = signer?.publicKey, signers.signer(key, at: Clock.seconds) == nil {
                try requireWritable()
                signers.add(key, for: Self.principal)
                _ = try commit(
                    [(AllowedSigners.path, signers.bytes)],
                    "\(AllowedSigners.path): name the server's key", signedBy: signer)
            }
            knownSigners = try allowedSignersFile()
        } catch {
            note(error.explanation, "The server's key is not in \(AllowedSigners.path) yet.")
        }
    }

    private func allowedSignersFile() throws(RegistryError) -> ObjectID? {
        do throws(GitError) {
            return try trees.file(at: AllowedSigners.path, in: database)?.id
        } catch {
            throw storageError(error)
        }
    }

    private func allowedSigners() throws(RegistryError) -> AllowedSigners {
        let file = try allowedSignersFile()
        do throws(GitError) {
            return AllowedSigners(
                try file.map { id throws(GitError) in try database.read(id, as: .blob) } ?? [])
        } catch {
            throw storageError(error)
        }
    }

    /// Commits files at the top of the registry, as the server.
    private func commit(
        _ files: [(path: String, bytes: [UInt8])], _ subject: String, signedBy key: SigningKey?,
        at seconds: Int64 = Clock.seconds
    ) throws(RegistryError) -> ObjectID {
        do {
            var edits: [(path: String, file: TreeEditor.File?)] = []
            var blobs: [NewObject] = []
            for file in files {
                let old = try trees.file(at: file.path, in: database)
                if isPersonsEdit(file.path, over: old?.id) {
                    throw RegistryError.uncommittedEdit(path: file.path)
                }
                let blob = GitObject(.blob, file.bytes)
                blobs.append(NewObject(blob))
                edits.append((file.path, .init(mode: old?.mode ?? .file, id: blob.id)))
            }
            var next = trees
            let made = try next.apply(edits, in: database)
            let message = CommitMessage(
                subject: subject, body: nil, trailers: [],
                author: Author(name: "Muster", email: Signature.serverEmail), seconds: seconds)
            let plain = message.commit(tree: next.root, parents: tip.map { [$0] } ?? [])
            let commit = GitObject(.commit, (key?.signed(plain) ?? plain).bytes)
            let objects = blobs + made + [NewObject(commit)]
            guard try moveBranch(from: tip, to: commit.id, storing: objects) else {
                throw RegistryError.busy(reason: "\(branch) was moved just now; try again")
            }
            try adopt(commit.id, origin: .elsewhere)
            bringIndexForward()
            return commit.id
        } catch {
            throw storageError(error)
        }
    }
}
