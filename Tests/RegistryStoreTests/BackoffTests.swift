import Testing

@testable import RegistryStore

@Suite("Waiting for an upstream that is away")
struct BackoffTests {
    @Test("each failure doubles the time, up to five minutes")
    func doubles() {
        var backoff = Backoff()
        let waits = (0..<12).map { _ in backoff.noteFailure(random: 1) }
        #expect(waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300])
        #expect(backoff.failures == 12)
        backoff.reset()
        let first = backoff.noteFailure(random: 1)
        #expect(first == 2)
    }

    @Test("half of the time is random")
    func random() {
        var backoff = Backoff()
        for _ in 0..<200 {
            let wait = backoff.noteFailure()
            #expect((1...300).contains(wait))
        }
        var least = Backoff()
        let waits = (0..<3).map { _ in least.noteFailure(random: 0) }
        #expect(waits == [1, 2, 4])
    }
}
