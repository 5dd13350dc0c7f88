internal import JSON
public import Registry

extension RegistryStore {
    /// `commit {"paths", "message", "name", "email"}` and `discard {"paths"}` from the socket.
    func settleEdits(_ command: String, _ text: String) -> String {
        guard let request = try? JSONValue(parsing: text, options: .document) else {
            return "error: unknown request\n"
        }
        let choice = EditChoice(paths: request["paths"]?.array?.compactMap(\.text))
        do throws(RegistryError) {
            let done =
                command == "discard"
                ? try discardEdits(choice)
                : try commitEdits(
                    choice, message: request["message"]?.text,
                    author: request["name"]?.text.map {
                        Author(name: $0, email: request["email"]?.text ?? "")
                    } ?? .anonymous)
            return String(decoding: done.json.compactBytes(), as: UTF8.self)
        } catch {
            return "error: \(error.explanation)\n"
        }
    }
}

extension ServerClient {
    /// Asks a running server to commit uncommitted edits.
    ///
    /// - Parameter paths: from the top of the registry; nil for all that are valid.
    /// - Returns: nil when no server answers there.
    public func commit(
        _ paths: [String]?, message: String?, author: Author
    ) throws(RegistryError) -> SettledEdits? {
        var request: JSONObject = ["name": .text(author.name), "email": .text(author.email)]
        request["message"] = message.map { .text($0) }
        return try settle("commit", paths, request)
    }

    /// Asks a running server to discard uncommitted edits.
    ///
    /// - Returns: nil when no server answers there.
    public func discard(_ paths: [String]) throws(RegistryError) -> SettledEdits? {
        try settle("discard", paths, [:])
    }

    private func settle(
        _ command: String, _ paths: [String]?, _ request: JSONObject
    ) throws(RegistryError) -> SettledEdits? {
        var request = request
        request["paths"] = paths.map { .array($0.map { .text($0) }) }
        let text = String(decoding: JSONValue.object(request).compactBytes(), as: UTF8.self)
        guard let answer = ask("\(command) \(text)", seconds: 600) else { return nil }
        let json = try? JSONValue(parsing: Array(answer.utf8), options: .document)
        guard let done = json.flatMap({ SettledEdits($0) }) else {
            let line = answer.split(separator: "\n").first ?? "no answer"
            throw .storage(reason: String(line.trimmingPrefix("error: ")))
        }
        return done
    }
}
