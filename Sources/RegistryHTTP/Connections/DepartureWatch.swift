/// Asks the connection's guard to tell when the client goes away before its answer is complete.
struct DepartureWatch: Sendable {
    let action: @Sendable () -> Void
}
