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

    /// A state of the registry by a name as `?at=` takes it, or by a time as people say it.
    static func revision(_ text: String) -> String {
        guard text.contains(" ") || text.contains("-") || text.allSatisfy(\.isLetter),
            let time = Timestamp(saying: text)
        else { return text }
        return "\(time)"
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

/// A document, a collection or a file, as people name it at a terminal.
func historySubject(_ text: String) throws(Failure) -> HistorySubject {
    let name = text.hasSuffix("/") ? String(text.dropLast()) : text
    for kind in DocumentKind.all {
        let folder = kind.collection.name
        if name == folder { return .collection(kind.collection) }
        guard name.utf8.starts(with: (folder + "/").utf8) else { continue }
        // A path, or the uid after the folder.
        if case .document(let key) = FileLayout.key(ofPath: name) { return .document(key) }
        guard let id = DocumentID(String(name.utf8.dropFirst(folder.utf8.count + 1)) ?? "") else {
            break
        }
        return .document(DocumentKey(kind.collection, id))
    }
    return .file(name)
}
