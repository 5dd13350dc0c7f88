internal import Git
public import Registry

/// Where a registry lies and keeps its state, for commands that work on that and not on documents.
public struct RegistryPlaces: Sendable {
    /// The top of the working tree.
    public let workingTree: String
    /// The git directory that all working trees share.
    public let gitDirectory: String
    /// `muster/` in the git directory: what the server keeps beside git's own files.
    public let service: String
    /// Signals and secrets; the same folder unless another was chosen.
    public let state: String
    private let registry: String
    private let lock: String

    /// - Parameters:
    ///   - path: the registry.
    ///   - state: the state directory, where it is not `muster/` in the git directory.
    public init(of path: String, state: String?) throws(StoreOpeningError) {
        do {
            let repository = try Repository(opening: path)
            let places = try StorePlaces(of: repository, state: state)
            workingTree = places.workingTree
            gitDirectory = places.commonDirectory
            service = places.service
            self.state = places.state
            lock = places.lock
            registry = path
        } catch {
            throw StoreOpeningError(error, path: path)
        }
    }

    /// The policy of the served branch, as a server takes it.
    public var policy: Policy {
        get throws(StoreOpeningError) {
            do {
                let repository = try Repository(opening: registry)
                let branch = try OpenedRepository.servedBranch(of: repository, path: registry)
                guard let tip = try repository.target(of: branch) else { return .standard }
                return try SnapshotLoader.policy(
                    of: tip, in: repository, ObjectDatabase(of: repository))
            } catch {
                throw StoreOpeningError(error, path: registry)
            }
        }
    }

    /// Does something while no server has the registry.
    ///
    /// - Throws: ``StoreOpeningError/locked(path:owner:)`` where one has it.
    public func whileUnused(_ work: () throws -> Void) throws {
        guard FileFacts(at: lock) != nil else { return try work() }
        let lock = try StoreLock(lock, of: registry)
        defer { lock.releaseInOrder() }
        try work()
    }
}
