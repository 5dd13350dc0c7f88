import Testing

@testable import RegistryHTTP

@Suite("Limits of connections")
struct ConnectionLimitTests {
    private func server(_ change: (inout Limits) -> Void) -> ScratchServer {
        var limits = Limits()
        change(&limits)
        return ScratchServer(
            configuration: ServerConfiguration(host: "127.0.0.1", port: 0, limits: limits))
    }

    private let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"

    @Test("an address that has its share is refused until one of its connections ends")
    func share() async throws {
        try await server { $0.connectionsOfAddress = 2 }.run { port, _ in
            var held: [RawConnection?] = [
                try RawConnection(port: port), try RawConnection(port: port),
            ]
            for connection in held {
                try await connection?.send(request)
                _ = try await connection?.read(until: "ok\n")
            }
            let refused = try RawConnection(port: port)
            try await refused.send(request)
            #expect(try await refused.read() == "")
            held[0] = nil
            try await Task.sleep(for: .milliseconds(300))
            let next = try RawConnection(port: port)
            try await next.send(request)
            #expect(try await next.read(until: "ok\n").contains("200 OK"))
        }
    }

    @Test("beyond all that there may be, newcomers wait until others leave")
    func waiting() async throws {
        try await server { $0.connections = 1 }.run { port, _ in
            var first: RawConnection? = try RawConnection(port: port)
            try await first?.send(request)
            _ = try await first?.read(until: "ok\n")
            // The socket takes some at a time, so that a few more than the limit come in.
            var others: [RawConnection]? = try (0..<40).map { _ in try RawConnection(port: port) }
            let last = try RawConnection(port: port)
            try await last.send(request)
            try await Task.sleep(for: .milliseconds(200))
            #expect(others?.count == 40)
            (first, others) = (nil, nil)
            #expect(try await last.read(until: "ok\n", timeout: .seconds(15)).contains("200 OK"))
        }
    }

    @Test("a client that wants its connection to end is told that it does")
    func end() async throws {
        try await ScratchServer().run { port, _ in
            for field in ["close", "Close", "TE, close"] {
                let connection = try RawConnection(port: port)
                try await connection.send(
                    "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: \(field)\r\n\r\n")
                let answer = try await connection.read(timeout: .seconds(5))
                #expect(answer.contains("onnection: close\r\n") && answer.hasSuffix("ok\n"))
            }
        }
    }

    @Test("no number of descriptors leaves none for files")
    func descriptors() {
        #expect(Descriptors.forConnections > 0)
        #expect(Limits().connectionsOfAddress < Limits().connections)
    }
}
