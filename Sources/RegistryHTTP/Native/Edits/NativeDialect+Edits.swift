import Hummingbird
import JSON
import Registry
import RegistryStore

extension NativeDialect {
    /// `GET edits`: what is edited in the working tree and not committed, with its differences.
    func listEdits(_ call: NativeCall) async throws -> Response {
        let edits = await services.store.editedFiles(limit: 200)
        let count = max(services.store.status.uncommittedEdits.count, edits.count)
        return call.answer([
            "edits": .array(edits.map(json(of:))), "total": .number(JSONNumber(count)),
        ])
    }

    /// `POST edits/commit`: one commit of the files named, or of all that are valid.
    func commitEdits(_ call: NativeCall) async throws -> Response {
        var reader = BodyReader(try await call.body())
        let author = try reader.author(for: call.context.caller)
        let message = try reader.text("message")
        let choice = try reader.editChoice()
        try reader.finish()
        let done = try await services.store.commitEdits(
            choice, message: message?.isEmpty == true ? nil : message, author: author,
            judge: call.context.judge(.write, hasMessage: message?.isEmpty == false))
        return call.answer(done.json)
    }

    /// `POST edits/discard`: takes back the files named.
    func discardEdits(_ call: NativeCall) async throws -> Response {
        var reader = BodyReader(try await call.body())
        let choice = try reader.editChoice()
        try reader.finish()
        guard choice.paths != nil else { throw reader.invalid("paths", "Must be a list.") }
        let judge = call.context.judge(.write, hasMessage: true, isProposed: true)
        return call.answer(try await services.store.discardEdits(choice, judge: judge).json)
    }

    private func json(of file: EditedFile) -> JSONValue {
        let difference = DocumentDifference(
            path: file.edit.path, old: file.committed, new: file.content)
        var object = difference.json.object ?? [:]
        object["tag"] = .text(file.tag)
        object["served"] = .bool(file.edit.isServed)
        object["problem"] = file.edit.problem.map { .text($0.description) }
        return .object(object)
    }
}

extension BodyReader {
    /// `{"paths": [...], "tags": {path: tag}}`
    fileprivate mutating func editChoice() throws(NativeError) -> EditChoice {
        var choice = EditChoice()
        if let list = try array("paths") {
            let paths = list.compactMap(\.text)
            guard paths.count == list.count else {
                throw invalid("paths", "Must be a list of strings.")
            }
            choice.paths = paths
        }
        for (path, tag) in try object("tags") ?? [:] {
            guard let path = path.string, let tag = tag.text else {
                throw invalid("tags", "Must give a string for each path.")
            }
            choice.seen[path] = tag
        }
        return choice
    }
}
