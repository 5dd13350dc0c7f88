import ArgumentParser
import JSON
import Registry
import RegistryStore

/// What the commands that read the history have in common.
struct HistoryOptions: ParsableArguments {
    @Option(help: "The registry.", completion: .directory)
    var registry = "."

    @Flag(help: "Print one JSON object for scripts.")
    var json = false

    /// The history, whether a server runs or not.
    var history: RegistryHistory {
        get throws {
            try requireFolder(registry)
            do throws(StoreOpeningError) {
                return try RegistryHistory(of: registry)
            } catch {
                throw Failure("\(error)")
            }
        }
    }

    static func time(_ name: String, _ text: String?) throws(Failure) -> Timestamp? {
        guard let text else { return nil }
        guard let time = Timestamp(saying: text) else {
            throw Failure(
                usage:
                    "--\(name) is a time: 2026-01-31, 2026-01-31T12:00:00Z, yesterday, 3 days ago")
        }
        return time
    }
}

/// Does what asks the history, and says in one line why that cannot be.
func asking<Answer>(
    _ body: () async throws(RegistryError) -> Answer
) async throws(Failure) -> Answer {
    do throws(RegistryError) {
        return try await body()
    } catch {
        throw Failure(error.explanation)
    }
}
