import Testing

@testable import RegistryHTTP

@Suite("How long a body may take")
struct IncomingBodyTests {
    private let limits = Limits()

    @Test(
        "a body slower than the limit is too slow, a patient one is not until it has paused for long"
    )
    func patience() {
        var body = IncomingBody()
        var patient = IncomingBody()
        patient.isPatient = true
        let pause = Int(limits.patience.components.seconds)
        let outcomes = (1...pause).map { _ in
            (
                body.isTooSlow(isReadPending: true, limits),
                patient.isTooSlow(isReadPending: true, limits)
            )
        }
        #expect(outcomes.firstIndex { $0.0 } == 5)
        #expect(!outcomes.contains { $0.1 })
        patient.note(bytes: 1)
        let later = (0...pause).map { _ in patient.isTooSlow(isReadPending: true, limits) }
        #expect(later.firstIndex(of: true) == pause)
    }

    @Test("time in which the server does not read is not the client's")
    func unread() {
        var body = IncomingBody()
        body.isPatient = true
        let outcomes = (0..<2000).map { _ in body.isTooSlow(isReadPending: false, limits) }
        #expect(!outcomes.contains(true))
    }
}
