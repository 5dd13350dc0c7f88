internal import Git
internal import Glibc

/// What the server sets in the repository at every start, because a clone carries none of it.
struct RepositorySetup {
    let places: StorePlaces
    /// The full name, `refs/heads/main`.
    let branch: String
    let executable: String

    func apply(to repository: borrowing Repository) throws(StoreOpeningError) {
        do throws(GitError) {
            for (name, value) in settings { try repository.configure(name, value) }
        } catch {
            throw .permission(path: places.gitDirectory, reason: error.message)
        }
        do throws(FileError) {
            try makeFolders()
            try installHooks()
        } catch {
            throw .permission(path: places.service, reason: error.description)
        }
    }

    private var settings: [(String, [String])] {
        let hidden = ["refs/muster", "refs/proposals", "refs/notes"]
        return [
            // What only the server moves. Fetching shows proposals, so that mirrors have them.
            ("receive.hideRefs", hidden),
            // The one writer moves these itself.
            ("receive.procReceiveRefs", [branch, "refs/for"]),
        ] + single.map { ($0, [$1]) }
    }

    private var single: [(String, String)] {
        [
            ("core.fsync", "all"),
            ("core.hooksPath", places.hooks),
            ("core.autocrlf", "false"),
            // A busy server holds its branch's lock most of the time; git gives up after 0.1 s.
            ("core.filesRefLockTimeout", "5000"),
            ("core.packedRefsTimeout", "5000"),
            // git holds smaller files in memory as a whole; none that is taken in is larger.
            ("core.bigFileThreshold", "33m"),
            ("gc.auto", "0"),
            ("http.getanyfile", "false"),
            ("merge.muster.name", "JSON by member"),
            ("merge.muster.driver", mergeDriver),
            ("receive.advertisePushOptions", "true"),
            ("receive.fsckObjects", "true"),
            // The inspection says more clearly where these are.
            ("receive.fsck.hasDotgit", "ignore"),
            ("receive.fsck.hasDot", "ignore"),
            ("receive.fsck.hasDotdot", "ignore"),
            ("receive.fsck.fullPathname", "ignore"),
            // Old histories have these, and they do no harm.
            ("receive.fsck.badTimezone", "ignore"),
            ("receive.fsck.zeroPaddedFilemode", "ignore"),
            // What has more is no registry.
            ("receive.maxInputSize", "2g"),
            ("receive.unpackLimit", "100"),
            // Partial clones, but by no filter that takes the server long.
            ("uploadpack.allowFilter", "true"),
            ("uploadpackfilter.allow", "false"),
            ("uploadpackfilter.blob:none.allow", "true"),
            ("uploadpackfilter.blob:limit.allow", "true"),
            ("uploadpackfilter.object:type.allow", "true"),
            ("uploadpackfilter.tree.allow", "true"),
            ("uploadpackfilter.tree.maxDepth", "4"),
            ("uploadpack.hideRefs", "refs/muster"),
        ]
    }

    /// For merges that people make in the served working tree.
    private var mergeDriver: String {
        let program = Self.quoted(executable).replacing("%", with: "%%")
        return "\(program) merge-file --marker-size %L -- %O %A %B %P"
    }

    private func makeFolders() throws(FileError) {
        try FileSystem.makeFolder(places.service, permissions: 0o700)
        // With the state in it, a folder that others could read is refused: they may know its secrets.
        if places.state != places.service, chmod(places.service, 0o700) != 0 {
            throw FileError("close \(places.service) to others")
        }
        try FileSystem.makeFolder(places.hooks, permissions: 0o700)
        for folder in [places.temporary, places.otherTemporary] {
            try FileSystem.makeFolder(folder, permissions: 0o700)
        }
    }

    private func installHooks() throws(FileError) {
        for hook in ServerHook.allCases {
            let path = "\(places.hooks)/\(hook.rawValue)"
            let text = script(hook)
            if try FileSystem.read(path) != text { try FileSystem.replace(path, text) }
            guard chmod(path, 0o755) == 0 else { throw FileError("make \(path) executable") }
        }
    }

    /// Calls the program with the hook's name, and lets a person's own hook of that name run
    /// first: setting `core.hooksPath` must not silence it.
    private func script(_ hook: ServerHook) -> [UInt8] {
        Array(
            """
            #!/bin/sh
            # Installed by muster at each start; put your own into .git/hooks.
            own=\(Self.quoted("\(places.commonDirectory)/hooks/\(hook.rawValue)"))
            if [ -x "$own" ]; then "$own" "$@" || exit $?; fi
            exec \(Self.quoted(executable)) hook \(hook.rawValue) \
            --socket \(Self.quoted(places.socket)) "$@"

            """.utf8)
    }

    /// In single quotes, each of its own as `'\''`.
    private static func quoted(_ text: String) -> String {
        var quoted = ""
        for scalar in text.unicodeScalars {
            quoted.unicodeScalars.append(
                contentsOf: (scalar == "'" ? "'\\''" : "\(scalar)").unicodeScalars)
        }
        return "'\(quoted)'"
    }
}

/// The hooks through which git asks the server.
public enum ServerHook: String, CaseIterable, Sendable {
    /// Before a commit by hand: git's index has to be up to date, or the commit would take
    /// back what the API wrote last.
    case preCommit = "pre-commit"
    /// Before a push is taken in: the server looks at all that it brings.
    case preReceive = "pre-receive"
    /// Instead of git's own move of the served branch and of proposals.
    case procReceive = "proc-receive"
}
