internal import Git
internal import JSON
internal import Registry
internal import Synchronization

/// Answers one command that came by the socket.
public typealias CommandHandler = @Sendable (_ rest: String) async -> String

extension RegistryStore {
    /// Answers what comes by the socket until the task is cancelled.
    nonisolated func answer(_ socket: CommandSocket) async {
        let waiting = BackgroundThread(label: "registry-socket")
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                let next = await waiting.perform { socket.next(waiting: .milliseconds(200)) }
                guard let (request, connection) = next else { continue }
                group.addTask { socket.answer(await self.reply(to: request), on: connection) }
            }
        }
    }

    private nonisolated func reply(to request: String) async -> String {
        let words = request.split(separator: " ", maxSplits: 1).map(String.init)
        let rest = words.count > 1 ? words[1] : ""
        switch words.first {
        case "reshard": return await reshard(request.split(separator: " ").map(String.init))
        case ServerHook.preReceive.rawValue:
            return await reply(toPush: rest) { await self.inspect($0) }
        case ServerHook.procReceive.rawValue:
            return await reply(toPush: rest) { await self.receive($0) }
        case "undo": return await answer(toUndo: rest)
        case "deleted": return await answer(toDeleted: rest)
        case "sign": return await sign(rest)
        case "commit", "discard": return await settleEdits(words[0], rest)
        case let word?:
            guard let handler = handlers.withLock({ $0[word] }) else {
                return await answer(request)
            }
            return await handler(rest)
        case nil: return await answer(request)
        }
    }

    /// Lets commands ask something more by the socket.
    ///
    /// - Parameters:
    ///   - word: the first of the request.
    ///   - handler: is given the rest of the line, and gives the answer.
    public nonisolated func answer(_ word: String, by handler: @escaping CommandHandler) {
        handlers.withLock { $0[word] = handler }
    }

    private nonisolated func reply(
        toPush text: String, _ answer: (Push) async -> PushAnswer
    ) async -> String {
        let json = try? JSONValue(parsing: text, options: .document)
        guard let push = json.flatMap({ Push(json: $0) }) else { return "error: unknown request\n" }
        return String(decoding: await answer(push).json.compactBytes(), as: UTF8.self)
    }

    private func answer(_ request: String) -> String {
        let words = request.split(separator: " ", maxSplits: 1)
        switch words.first {
        case "status":
            let text = StatusText(
                status, generation: generation, fullFolders: committed.fullFolders)
            return String(decoding: text.json.canonicalBytes(), as: UTF8.self)
        case "index":
            return bringForward(index: words.count > 1 ? String(words[1]) : places.index)
        default:
            return "error: unknown request\n"
        }
    }

    /// `reshard trial|now devices=2 certificates=2`; without collections what suits their number.
    private nonisolated func reshard(_ words: [String]) async -> String {
        var fanOut: [String: Int] = [:]
        for word in words.dropFirst(2) {
            let parts = word.split(separator: "=")
            guard parts.count == 2, let depth = Int(parts[1]) else {
                return "error: unknown request\n"
            }
            fanOut[String(parts[0])] = depth
        }
        do throws(RegistryError) {
            let done = try await reshard(to: fanOut, isTrial: words.dropFirst().first != "now")
            return String(decoding: done.json.canonicalBytes(), as: UTF8.self)
        } catch {
            return "error: \(error.explanation)\n"
        }
    }

    /// For the `pre-commit` hook: `file` is the index that the running git will commit.
    private func bringForward(index file: String) -> String {
        // Another working tree has an index of its own, which is none of the server's business.
        let folder = file.lastSlash.map { String(file[..<$0]) }
        guard folder == places.gitDirectory else { return "ok\n" }
        lookAround()
        noteTouchedFiles()
        do {
            try bringForward(indexFile: file)
            if report.headElsewhere == nil { schedule.expectCommit() }
            return "ok\n"
        } catch {
            return "error: \(error)\n"
        }
    }
}

/// A status as `muster status` and scripts read it.
struct StatusText {
    let status: StoreStatus
    let generation: String
    let fullFolders: [(folder: String, documents: Int)]

    init(
        _ status: StoreStatus, generation: String,
        fullFolders: [(folder: String, documents: Int)] = []
    ) {
        self.status = status
        self.generation = generation
        self.fullFolders = fullFolders
    }

    var json: JSONValue {
        var object = JSONObject()
        object["branch"] = .text(status.branch)
        object["generation"] = .text(generation)
        object["head"] = .text(status.headElsewhere ?? status.branch)
        object["read_only"] = status.readOnlyReason.map { .text($0) } ?? .null
        object["uncommitted_edits"] = .array(
            status.uncommittedEdits.map { edit in
                var item = JSONObject()
                item["path"] = .text(edit.path)
                item["served"] = .bool(edit.isServed)
                item["removed"] = .bool(edit.isRemoval)
                item["problem"] = edit.problem.map { .text($0.description) } ?? .null
                return .object(item)
            })
        object["files_behind"] = .array(status.filesBehind.map { .text($0) })
        object["index_behind"] = .bool(status.isIndexBehind)
        object["rewound_tips"] = .array(status.rewoundTips.map { .text($0) })
        object["merge_conflicts"] = .array(status.mergeConflicts.map(\.json))
        object["full_folders"] = .array(
            fullFolders.map { full in
                var item = JSONObject()
                item["path"] = .text(full.folder)
                item["documents"] = .number(JSONNumber(full.documents))
                return .object(item)
            })
        object["history"] = status.history.json
        object["sync"] = status.sync?.json ?? .null
        object["last_error"] = status.lastError.map { .text($0) } ?? .null
        return .object(object)
    }
}
