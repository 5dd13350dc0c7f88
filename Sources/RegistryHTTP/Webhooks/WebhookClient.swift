import AsyncHTTPClient
import HTTPTypes
import NIOCore
import NIOHTTP1
import Registry
import StateStore

/// Sends messages to endpoints.
struct WebhookClient: Sendable {
    /// The longest that an endpoint may take to answer.
    private static let timeout: TimeAmount = .seconds(20)

    /// Whether messages may go to this machine itself.
    let allowsLocal: Bool

    /// What came of an attempt.
    struct Outcome: Sendable {
        var status: Int?
        var error: String?
        /// When the endpoint wants to be asked again, in seconds.
        var retryAfterSeconds: Int?

        var isSuccess: Bool { status.map { (200..<300).contains($0) } ?? false }
    }

    /// Sends a message once. Nothing that comes back is followed, and its body is not read.
    func send(
        _ delivery: WebhookDelivery, to url: String, secrets: [WebhookSecret], at time: Timestamp
    ) async -> Outcome {
        do {
            guard let address = WebhookAddress(url) else {
                throw WebhookFailure(reason: "the address makes no sense")
            }
            let target = try await address.resolved(allowsLocal: allowsLocal)
            return try await post(
                Self.request(delivery, to: url, secrets, time), to: address, at: target)
        } catch let failure as WebhookFailure {
            return Outcome(error: failure.reason)
        } catch {
            return Outcome(error: Self.text(of: error))
        }
    }

    private static func request(
        _ delivery: WebhookDelivery, to url: String, _ secrets: [WebhookSecret], _ time: Timestamp
    ) -> HTTPClientRequest {
        let seconds = time.microseconds / 1_000_000
        let signatures = secrets.map {
            $0.signature(id: delivery.id, seconds: seconds, body: delivery.payload)
        }
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = [
            "content-type": "application/json", "user-agent": "Muster/\(serverVersion)",
            "webhook-id": delivery.id, "webhook-timestamp": "\(seconds)",
            "webhook-signature": signatures.joined(separator: " "),
        ]
        request.body = .bytes(ByteBuffer(bytes: delivery.payload))
        return request
    }

    /// - Parameter target: the address that was looked at is the one to connect to, whatever the name
    ///   leads to a moment later.
    private func post(
        _ request: HTTPClientRequest, to address: WebhookAddress, at target: String
    ) async throws -> Outcome {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(10), read: Self.timeout))
        configuration.dnsOverride = [address.host: target]
        configuration.httpVersion = .http1Only
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let response = try await client.execute(request, timeout: Self.timeout)
            let outcome = Outcome(
                status: Int(response.status.code),
                retryAfterSeconds: response.headers.first(name: "retry-after").flatMap { Int($0) })
            try? await client.shutdown()
            return outcome
        } catch {
            try? await client.shutdown()
            throw error
        }
    }

    /// For people, in one line.
    private static func text(of error: any Error) -> String {
        let late: [HTTPClientError] = [.connectTimeout, .readTimeout, .deadlineExceeded]
        if let error = error as? HTTPClientError, late.contains(error) {
            return "no answer in time"
        }
        return String("\(error)".prefix(300))
    }
}
