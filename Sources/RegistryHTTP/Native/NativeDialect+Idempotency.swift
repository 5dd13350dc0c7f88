import Crypto
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Registry
import RegistryStore
import StateStore

// draft-ietf-httpapi-idempotency-key-header. The request is noted durably before anything is done, its
// commit carries the key as a trailer, and its answer is kept after. So a server that was killed
// between the commit and the answer finds the commit, and one that was killed before it does not.
extension NativeDialect {
    /// Answers a request with a key of its own: once by doing it, later from what was answered.
    ///
    /// Only answers of success are kept: what was refused has changed nothing and may be tried again.
    func answerOnce(_ call: NativeCall, by route: NativeRoute) async throws -> Response {
        guard let answers = services.answers, !call.request.isFromOtherSite(call.context) else {
            return try await answer(call, by: route)
        }
        var call = call
        do {
            let key = try call.idempotencyKey
            call.received = try await readBody(of: call.request, context: call.context)
            call.idempotencyMark = key
            let beginning = try begin(key, call, answers)
            switch beginning {
            case .running: throw NativeError.running
            case .otherRequest: throw NativeError.otherRequest
            case .answered(let answer): return Response(repeating: answer)
            case .new: break
            case .unfinished(let tip):
                if let lost = try await lostAnswer(key, since: tip, call, route, answers) {
                    return lost
                }
            }
            return try await keep(key, in: answers) { [call] in
                try await answer(call, by: route)
            }
        } catch let error as any AnswerableError {
            return .problem(error, call.context)
        }
    }

    private func begin(
        _ key: String, _ call: NativeCall, _ answers: AnswerStore
    ) throws(RegistryError) -> AnswerStore.Beginning {
        do throws(StateError) {
            return try answers.begin(
                key, request: call.fingerprint, tip: services.store.index.committed.commit)
        } catch {
            throw .storage(reason: "\(error)")
        }
    }

    /// Keeps what `answer` gives when all is well, and forgets the key otherwise.
    private func keep(
        _ key: String, in answers: AnswerStore, _ answer: () async throws -> Response
    ) async throws -> Response {
        do {
            var response = try await answer()
            guard response.status.kind == .successful else {
                try? answers.finish(key, with: nil)
                return response
            }
            let body = try await response.collectBody()
            note(AnswerStore.Answer(response, body), of: key, in: answers)
            return response
        } catch {
            try? answers.finish(key, with: nil)
            throw error
        }
    }

    /// A write that has succeeded is answered so, though its answer may not be kept.
    private func note(_ answer: AnswerStore.Answer, of key: String, in answers: AnswerStore) {
        do throws(StateError) {
            try answers.finish(key, with: answer)
        } catch {
            services.logger.error("The answer to a request is not kept: \(error)")
        }
    }

    /// The answer that a killed server owes; nil where the request has made no commit.
    private func lostAnswer(
        _ key: String, since tip: Revision?, _ call: NativeCall, _ route: NativeRoute,
        _ answers: AnswerStore
    ) async throws -> Response? {
        let mark = "\(NativeCall.idempotencyTrailer): \(key)"
        let entries = try await services.store.history(of: nil, limit: Self.searchedCommits)
        let new = entries.prefix { $0.revision != tip }
        guard let place = new.firstIndex(where: { $0.body.contains(mark) }) else {
            guard let recovery = route.proposalRecovery,
                let proposal = try await proposal(marked: mark)
            else { return nil }
            return try await keep(key, in: answers) { try await recovery(self)(call, proposal) }
        }
        let commit = entries[place].revision
        guard let recovery = route.recovery else {
            try? answers.finish(key, with: nil)
            return .problem(
                .conflict,
                "An earlier request with this key was done in commit \(commit), and the server ended "
                    + "before it could answer. Nothing was done now.", call.context,
                headers: [.registryCommit: "\(commit)"])
        }
        let before = entries.dropFirst(place + 1).first?.revision
        return try await keep(key, in: answers) { try await recovery(self)(call, commit, before) }
    }

    /// The proposal whose newest commit carries a mark.
    private func proposal(marked mark: String) async throws -> Proposal? {
        for proposal in services.store.proposals.prefix(Self.searchedProposals) {
            let entry = try await services.store.history.details(
                of: "proposal:\(proposal.number)", limit: 1
            ).entry
            if entry.body.contains(mark) { return proposal }
        }
        return nil
    }

    private static let searchedProposals = 200

    /// How many commits a killed server's request is looked for in.
    private static let searchedCommits = 20_000
}

extension NativeCall {
    /// A hash of the key, quoted as the draft wants or not.
    fileprivate var idempotencyKey: String {
        get throws(NativeError) {
            var text = (request.headers[.idempotencyKey] ?? "")[...]
            if text.count > 1, text.hasPrefix("\""), text.hasSuffix("\"") {
                text = text.dropFirst().dropLast()
            }
            guard (1...255).contains(text.utf8.count),
                text.utf8.allSatisfy({ (0x21..<0x7F).contains($0) || $0 == 0x20 })
            else { throw .idempotencyKey }
            // Keys of two accounts have nothing to do with each other.
            let account = context.caller.account.map { [Array($0.text.utf8)] } ?? []
            return String(Self.hash([Array(text.utf8)] + account).prefix(40))
        }
    }

    /// A hash of all that makes the request what it is.
    fileprivate var fingerprint: String {
        let fields = [
            request.method.rawValue, path.raw, path.query.raw,
            request.headers[.contentType] ?? "", request.headers[.registryPropose] ?? "",
        ]
        return Self.hash(fields.map { Array($0.utf8) } + [received ?? []])
    }

    private static func hash(_ parts: [[UInt8]]) -> String {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Array("\(part.count):".utf8))
            hash.update(data: part)
        }
        return hash.finalize().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

extension AnswerStore.Answer {
    /// What a repeated request is told: not what belongs to the first alone.
    fileprivate init(_ response: Response, _ body: ByteBuffer) {
        var fields: [String: String] = [:]
        for field in response.headers where field.name != .contentLength {
            fields[field.name.canonicalName] = field.value
        }
        self.init(
            status: response.status.code, fields: fields, body: Array(body.readableBytesView))
    }
}

extension Response {
    fileprivate init(repeating answer: AnswerStore.Answer) {
        var headers = HTTPFields()
        for (name, value) in answer.fields {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        headers[.idempotencyReplayed] = "true"
        self.init(
            status: .init(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}

extension HTTPField.Name {
    static let idempotencyKey = knownName("Idempotency-Key")
    /// `true` on an answer that was given before.
    static let idempotencyReplayed = knownName("Idempotency-Replayed")
}
