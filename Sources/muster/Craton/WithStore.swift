import Logging
import RegistryStore
import StateStore

/// Work on a registry that a running server does, or this process where there is none.
enum WithStore {
    /// - Parameters:
    ///   - word: what the server knows the work by.
    ///   - work: does it here.
    /// - Returns: the answer's text.
    /// - Throws: ``Failure`` with what the answer says after `error: `.
    static func ask(
        _ word: String, _ rest: String, of place: StateOptions,
        work: (RegistryStore, StateDirectory) async throws(StateError) -> String
    ) async throws -> String {
        let client = place.state == nil ? try? ServerClient(registry: place.registry) : nil
        let answer: String
        if let done = client?.ask("\(word) \(rest)", seconds: 3_600) {
            answer = done
        } else {
            answer = try await alone(place, work)
        }
        let text = answer.hasSuffix("\n") ? String(answer.dropLast()) : answer
        if text.hasPrefix("error: ") { throw Failure(String(text.dropFirst("error: ".count))) }
        return text
    }

    private static func alone(
        _ place: StateOptions,
        _ work: (RegistryStore, StateDirectory) async throws(StateError) -> String
    ) async throws -> String {
        let options = StoreOptions(
            repository: place.registry, stateDirectory: place.state,
            executablePath: absolutePath("/proc/self/exe"))
        let store: RegistryStore
        do throws(StoreOpeningError) {
            store = try await RegistryStore.open(
                options, logger: Logger(label: "muster") { _ in SwiftLogNoOpLogHandler() })
        } catch {
            throw Failure("\(error)")
        }
        let answer: String
        do throws(StateError) {
            answer = try await work(store, .open(of: store))
        } catch {
            await store.close()
            throw Failure("\(error)")
        }
        await store.close()
        return answer
    }
}
