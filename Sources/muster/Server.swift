/// The running server.
enum Server {
    static func run(_ settings: Settings) async throws {
        throw Failure("not wired yet")
    }
}
