import HTTPTypes
import StateStore

/// What is wrong with a request about webhooks.
enum WebhookError: AnswerableError {
    case unavailable
    case unknown(String)
    case unknownDelivery(String)

    var status: HTTPResponse.Status {
        switch self {
        case .unavailable: .serviceUnavailable
        case .unknown, .unknownDelivery: .notFound
        }
    }

    var explanation: String {
        switch self {
        case .unavailable: "This server sends no webhooks."
        case .unknown(let id): "There is no webhook '\(id)'."
        case .unknownDelivery(let id): "There is no delivery '\(id)' in the log."
        }
    }
}

extension Services {
    /// The endpoints of webhooks.
    var webhookStore: WebhookStore {
        get throws(WebhookError) {
            guard let webhooks else { throw .unavailable }
            return webhooks.webhooks
        }
    }
}

extension WebhookStore {
    /// The endpoint of this id.
    ///
    /// - Throws: ``WebhookError/unknown(_:)`` where there is none.
    func known(_ id: String) throws -> WebhookEndpoint {
        guard let endpoint = try endpoint(id) else { throw WebhookError.unknown(id) }
        return endpoint
    }
}
