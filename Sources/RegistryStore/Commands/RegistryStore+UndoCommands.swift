public import JSON
public import Registry

extension RegistryStore {
    /// `undo {...}` from the socket.
    nonisolated func answer(toUndo text: String) async -> String {
        let json = try? JSONValue(parsing: text, options: .document)
        guard let order = json.flatMap({ UndoOrder(json: $0) }) else {
            return "error: unknown request\n"
        }
        do throws(RegistryError) {
            return String(decoding: try await perform(order).compactBytes(), as: UTF8.self)
        } catch {
            return "error: \(error.explanation)\n"
        }
    }

    /// `deleted`, with the cursor where there is one.
    nonisolated func answer(toDeleted cursor: String) async -> String {
        do throws(RegistryError) {
            let found = try await deleted(after: cursor.isEmpty ? nil : cursor, limit: 100)
            return String(decoding: found.json.compactBytes(), as: UTF8.self)
        } catch {
            return "error: \(error.explanation)\n"
        }
    }
}

extension DeletedDocuments {
    /// The form of API answers.
    public var json: JSONValue {
        [
            "deleted": .array(documents.map(\.json)),
            "next": next.map { .text($0) } ?? .null,
        ]
    }
}

extension ServerClient {
    /// Asks a running server to take something back.
    ///
    /// - Returns: nil when no server answers there.
    public func undo(_ order: UndoOrder) throws(RegistryError) -> JSONValue? {
        try value("undo " + String(decoding: order.json.compactBytes(), as: UTF8.self))
    }

    /// Asks a running server what was removed and is gone, 100 at a time.
    ///
    /// - Returns: nil when no server answers there.
    public func deleted(after cursor: String?) throws(RegistryError) -> JSONValue? {
        try value("deleted" + (cursor.map { " \($0)" } ?? ""))
    }

    private func value(_ request: String) throws(RegistryError) -> JSONValue? {
        guard let answer = ask(request, seconds: 600) else { return nil }
        if let json = try? JSONValue(parsing: Array(answer.utf8), options: .document) {
            return json
        }
        let line = answer.split(separator: "\n").first ?? "no answer"
        throw .storage(reason: String(line.trimmingPrefix("error: ")))
    }
}
