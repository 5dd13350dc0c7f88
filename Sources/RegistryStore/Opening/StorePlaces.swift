internal import Git

/// Where the parts of one opened registry are.
struct StorePlaces: Sendable {
    /// The working tree, without a final slash.
    let workingTree: String
    /// The git directory of this working tree, without a final slash.
    let gitDirectory: String
    /// The git directory that all working trees share, without a final slash.
    let commonDirectory: String
    /// `muster/` in the common git directory: what the server keeps beside git's own files.
    let service: String
    /// Signals and secrets.
    let state: String

    init(of repository: borrowing Repository, state: String?) throws(StoreOpeningError) {
        guard let workingTree = repository.workingTree else {
            throw .bare(path: repository.gitDirectory)
        }
        self.workingTree = Self.unslashed(workingTree)
        gitDirectory = Self.unslashed(repository.gitDirectory)
        commonDirectory = Self.unslashed(repository.commonDirectory)
        service = commonDirectory + "/muster"
        self.state = state ?? service
    }

    var temporary: String { service + "/tmp" }
    /// Where a second thread drafts files.
    var otherTemporary: String { service + "/tmp-2" }
    /// What a person had in a file when a server was killed that had just taken it aside.
    var kept: String { service + "/kept" }
    var hooks: String { service + "/hooks" }
    var journal: String { service + "/journal" }
    var checkpoint: String { service + "/checkpoint" }
    /// The registry as it was, for the next start.
    var snapshot: String { service + "/snapshot" }
    /// The index of the history, made anew whenever it is missing.
    var history: String { service + "/history.sqlite" }
    var lock: String { service + "/lock" }
    var socket: String { service + "/socket" }
    var index: String { gitDirectory + "/index" }

    func file(_ path: String) -> String { "\(workingTree)/\(path)" }

    private static func unslashed(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }
}
