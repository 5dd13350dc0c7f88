import Logging
import Registry
import RegistryStore

/// Works on a registry that no server has, as its only writer.
///
/// - Throws: also when a server has it after all.
func withOwnStore<Answer>(
    of directory: String, state: String? = nil,
    _ body: (RegistryStore) async throws(RegistryError) -> Answer
) async throws(RegistryError) -> Answer {
    let options = StoreOptions(
        repository: directory, stateDirectory: state,
        executablePath: absolutePath("/proc/self/exe"))
    let store: RegistryStore
    do throws(StoreOpeningError) {
        store = try await RegistryStore.open(
            options, logger: Logger(label: "muster") { _ in SwiftLogNoOpLogHandler() })
    } catch {
        throw .storage(reason: "\(error)")
    }
    do throws(RegistryError) {
        let answer = try await body(store)
        await store.close()
        return answer
    } catch {
        await store.close()
        throw error
    }
}

extension Author {
    /// Whom git would write into a commit there.
    init(ofGitIn directory: String) async {
        let git = GitProgram(directory: directory)
        let name = (try? await git.text(["config", "user.name"])) ?? ""
        let email = (try? await git.text(["config", "user.email"])) ?? ""
        self = name.isEmpty ? .anonymous : Author(name: name, email: email)
    }
}
