import Logging
import RegistryStore
import StateStore

/// What a server keeps in its state directory.
struct StateStores {
    let key: SecretKey
    let signals: SignalStore
    let webhooks: WebhookStore
    let credentials: CredentialStore
    let answers: AnswerStore
    let accounts: AccountStore

    /// Opens the state directory, and makes there what has to last from the first start on.
    init(of store: RegistryStore, _ settings: Settings, _ logger: Logger) throws {
        do throws(StateError) {
            let directory = try StateDirectory.open(of: store)
            key = try SecretKey.load(from: directory, given: settings.secretKey)
            signals = try SignalStore(in: directory) { logger.error("\($0)") }
            webhooks = try WebhookStore(in: directory)
            credentials = try CredentialStore(in: directory)
            answers = try AnswerStore(in: directory)
            accounts = try AccountStore(in: directory)
        } catch {
            throw Failure("\(error)")
        }
    }

    func close() {
        signals.close()
        webhooks.close()
        credentials.close()
        answers.close()
        accounts.close()
    }
}

extension StateDirectory {
    /// Opens that of a registry.
    static func open(of places: RegistryPlaces) throws(StateError) -> StateDirectory {
        try open(
            places.state, workingTree: places.workingTree, gitDirectory: places.gitDirectory)
    }

    /// Opens that of a registry whose writer this process is.
    static func open(of store: RegistryStore) throws(StateError) -> StateDirectory {
        try open(
            store.stateDirectory, workingTree: store.workingTreePath,
            gitDirectory: store.gitDirectory)
    }
}
