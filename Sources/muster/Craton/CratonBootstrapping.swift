import JSON
import Registry
import RegistryStore
import StateStore

/// The work of `muster craton bootstrap`, in the server or without one.
enum CratonBootstrapping {
    /// What the socket knows it by.
    static let word = "craton-bootstrap"

    /// The file on one line.
    static func request(_ bytes: [UInt8]) -> String {
        let value = try? JSONValue(parsing: bytes, options: .document)
        return (value ?? .null).description
    }

    /// Does it, and says in a line what was done.
    static func answer(
        _ request: String, _ store: RegistryStore, _ credentials: CredentialStore
    ) async -> String {
        do {
            let bootstrap = try CratonBootstrap(parsing: Array(request.utf8))
            try await store.numbers.prepare()
            let numbers = store.numbers
            let done = try await store.submit(
                Transaction(author: .anonymous) { snapshot throws(RegistryError) in
                    try bootstrap.decide(on: snapshot, now: .now, numbers: numbers)
                })
            for (user, id) in zip(bootstrap.users, done.answer) {
                try credentials.set(user.key, of: id, isRandom: false)
            }
            let keys = "\(bootstrap.users.count) \(bootstrap.users.count == 1 ? "key" : "keys") set"
            guard done.isNewCommit, let commit = done.commit else {
                return "nothing to change; \(keys)"
            }
            return "committed as \(commit); \(keys)"
        } catch let error as RegistryError {
            return "error: \(error.explanation)"
        } catch {
            return "error: \(error)"
        }
    }
}
