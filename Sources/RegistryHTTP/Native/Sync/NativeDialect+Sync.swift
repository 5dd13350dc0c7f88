import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension NativeDialect {
    /// The longest body of a webhook; hosts send less.
    private static let webhookBytes = 5 << 20

    /// `GET sync`: how the registry is to its upstream; `"upstream": null` where it has none.
    func showSync(_ call: NativeCall) async throws -> Response {
        call.answer(
            services.store.status.sync?.json ?? ["upstream": .null],
            headers: [.cacheControl: "no-store"])
    }

    /// `POST sync`: `{"choices": [{"path", "pointer", "take"}]}`; goes to the upstream now, and answers
    /// when that is done.
    func syncNow(_ call: NativeCall) async throws -> Response {
        var reader = BodyReader(try await call.body())
        let choices = try MergeChoices(try reader.array("choices") ?? [])
        try reader.finish()
        guard let upstream = services.upstream, services.store.status.sync != nil else {
            throw SyncError.noUpstream
        }
        guard let status = await upstream.sync(choices: choices) else { throw SyncError.noUpstream }
        return call.answer(status.json)
    }

    /// `POST upstream/webhook`: the host of the upstream says that something has happened there.
    func receiveWebhook(_ call: NativeCall) async throws -> Response {
        guard let secret = services.webhookSecret else { throw SyncError.noSecret }
        let bytes = try await call.bytes(most: Self.webhookBytes)
        let webhook = Webhook(fields: call.request.headers, body: bytes)
        guard webhook.isSigned(with: secret) else { throw SyncError.unsigned }
        guard let upstream = services.upstream, let sync = services.store.status.sync else {
            throw SyncError.noUpstream
        }
        switch webhook.meaning(forBranch: sync.branch) {
        case .change:
            upstream.request()
            return call.answer(["status": "sync"], status: .accepted)
        case .greeting: return call.answer(["status": "pong"])
        case .other: return call.answer(["status": "ignored"], status: .accepted)
        }
    }
}

/// Why nothing is done about the upstream.
enum SyncError: AnswerableError {
    case noUpstream
    case noSecret
    case unsigned

    var status: HTTPResponse.Status {
        switch self {
        case .noUpstream: .conflict
        case .noSecret: .serviceUnavailable
        case .unsigned: .unauthorized
        }
    }

    var explanation: String {
        switch self {
        case .noUpstream:
            "The registry has no upstream; --upstream or \"upstream\" in registry.json names one."
        case .noSecret:
            "The server has no webhook secret; MUSTER_WEBHOOK_SECRET sets the one that the host uses."
        case .unsigned: "The request is not signed with the webhook secret of this server."
        }
    }
}
