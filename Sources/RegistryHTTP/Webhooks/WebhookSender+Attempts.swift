import Logging
import Registry
import StateStore
import Synchronization

extension WebhookSender {
    /// Seconds to wait after each failed attempt; after the last the message is given up.
    static let retrySeconds: [Int64] = [
        5, 60, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400,
    ]
    /// The longest that an endpoint can ask to be left alone.
    private static let longestWaitSeconds: Int64 = 86_400

    /// Sends a message once, and notes what came of it.
    func attempt(_ delivery: WebhookDelivery, for endpoint: WebhookEndpoint) async throws {
        let start = ContinuousClock.now
        let time = Timestamp.now
        let outcome = await client.send(
            delivery, to: endpoint.url, secrets: try webhooks.secrets(of: endpoint.id), at: time)
        // A server that stops has not learned anything about the endpoint.
        guard !Task.isCancelled || outcome.status != nil else { return }
        let took = (ContinuousClock.now - start) / .milliseconds(1)
        let attempt = WebhookAttempt(
            date: time, status: outcome.status, error: outcome.error, milliseconds: Int(took))
        if outcome.isSuccess {
            try webhooks.note(attempt, of: delivery, state: .delivered, nextAttempt: nil)
            counts.withLock { $0.delivered &+= 1 }
        } else {
            try noteFailure(attempt, outcome, delivery, endpoint)
        }
    }

    private func noteFailure(
        _ attempt: WebhookAttempt, _ outcome: WebhookClient.Outcome, _ delivery: WebhookDelivery,
        _ endpoint: WebhookEndpoint
    ) throws {
        counts.withLock { $0.failedAttempts &+= 1 }
        let next = Self.nextAttempt(
            after: delivery.attempts.count, askedFor: outcome.retryAfterSeconds)
        try webhooks.note(
            attempt, of: delivery, state: next == nil ? .failed : .pending, nextAttempt: next)
        if delivery.attempts.isEmpty || next == nil {
            logger.warning(
                next == nil
                    ? "A webhook was not delivered and is given up."
                    : "A webhook was not delivered; it is tried again.",
                metadata: [
                    "webhook": "\(endpoint.id)", "delivery": "\(delivery.id)",
                    "reason": "\(outcome.error ?? "status \(outcome.status ?? 0)")",
                ])
        }
        if next == nil { counts.withLock { $0.givenUp &+= 1 } }
        // Gone (RFC 9110, section 15.5.11): the endpoint wants no more.
        if outcome.status == 410 {
            var endpoint = endpoint
            endpoint.disabledReason = "the endpoint answered 410 Gone"
            try webhooks.update(endpoint)
        }
    }

    /// When to try again; nil for not any more.
    ///
    /// - Parameters:
    ///   - earlier: how many attempts failed before.
    ///   - seconds: what the endpoint asked for.
    static func nextAttempt(
        after earlier: Int, askedFor seconds: Int?, now: Timestamp = .now,
        random: Double = .random(in: 0...1)
    ) -> Timestamp? {
        guard retrySeconds.indices.contains(earlier) else { return nil }
        // A tenth more or less, so that many messages do not come back at once.
        let usual = Double(retrySeconds[earlier]) * (0.9 + random / 5)
        let asked = min(Int64(max(0, seconds ?? 0)), longestWaitSeconds)
        let wait = max(usual, Double(asked))
        return Timestamp(microseconds: now.microseconds &+ Int64(wait * 1_000_000))
    }

    /// For the metrics.
    var families: [MetricFamily] {
        let counts = counts.withLock { $0 }
        return [
            MetricFamily(
                .counter, "muster_webhook_delivered_total", "Webhook messages that were taken.",
                Double(counts.delivered)),
            MetricFamily(
                .counter, "muster_webhook_failed_attempts_total",
                "Attempts to deliver a webhook that failed.", Double(counts.failedAttempts)),
            MetricFamily(
                .counter, "muster_webhook_given_up_total",
                "Webhook messages that were given up.", Double(counts.givenUp)),
            MetricFamily(
                .gauge, "muster_webhook_pending", "Webhook messages that wait.",
                Double((try? webhooks.pendingCount()) ?? 0)),
        ]
    }
}
