import Logging
import ServiceLifecycle
import Testing

@testable import RegistryHTTP

private func limits(_ change: (inout Limits) -> Void) -> ScratchServer {
    var limits = Limits()
    change(&limits)
    return ScratchServer(
        configuration: ServerConfiguration(host: "127.0.0.1", port: 0, limits: limits))
}

private func post(_ fields: String, to path: String = "/echo/body") -> String {
    "POST \(path) HTTP/1.1\r\nHost: localhost\r\n\(fields)\r\n"
}

@Suite("Request heads")
struct RequestHeadTests {
    @Test("a connection of HTTP/1.0 ends with the answer", arguments: ["", "keep-alive"])
    func oldVersion(connection: String) async throws {
        try await ScratchServer().run { port, _ in
            let client = try RawConnection(port: port)
            try await client.send(
                "GET /healthz HTTP/1.0\r\nHost: localhost\r\nConnection: \(connection)\r\n\r\n")
            #expect(try await client.read(timeout: .seconds(5)).hasSuffix("ok\n"))
        }
    }

    @Test("a request that names two hosts is 400")
    func twoHosts() async throws {
        try await ScratchServer().run { port, _ in
            let client = try RawConnection(port: port)
            try await client.send(
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n")
            #expect(try await client.read(timeout: .seconds(5)).hasPrefix("HTTP/1.1 400 "))
        }
    }
}

@Suite("Request bodies")
struct BodyTests {
    @Test("a body with a length, and one in chunks, arrive whole on one connection")
    func whole() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send(post("Content-Length: 5\r\n") + "hello")
            #expect(try await connection.read(until: "bytes\n").contains("5 bytes"))
            try await connection.send(post("Transfer-Encoding: chunked\r\n") + "3\r\nabc\r\n")
            try await Task.sleep(for: .milliseconds(20))
            try await connection.send("4\r\ndefg\r\n0\r\n\r\n")
            #expect(try await connection.read(until: "bytes\n").contains("7 bytes"))
        }
    }

    @Test("pipelined requests are answered in their order")
    func pipelining() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            let requests = (1...5).map { length in
                post("Content-Length: \(length)\r\n") + String(repeating: "x", count: length)
            }
            try await connection.send(requests.joined())
            let answers = try await connection.read(until: "5 bytes\n")
            let bodies = answers.split(separator: "\r\n\r\n").dropFirst()
            #expect(bodies.map { $0.prefix(7) } == (1...5).map { "\($0) bytes" })
        }
    }

    @Test("a body announced too long is 413 at once, and the connection ends")
    func announcedTooLong() async throws {
        try await limits { $0.bodyBytes = 1000 }.run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send(post("Content-Length: 999999999999\r\n") + "abc")
            let answer = try await connection.read()
            #expect(answer.hasPrefix("HTTP/1.1 413 "))
            #expect(answer.contains("onnection: close"))
        }
    }

    @Test(
        "a body that never ends is 413 when it passes the limit, though the client goes on sending")
    func endless() async throws {
        try await limits { $0.bodyBytes = 1_000_000 }.run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send(post("Transfer-Encoding: chunked\r\n"))
            let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
            for _ in 0..<100 {
                guard try await connection.send(chunk) else { break }
            }
            #expect(try await connection.read().hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("the largest body is taken")
    func largest() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            let length = 32 << 20
            try await connection.send(post("Content-Length: \(length)\r\n"))
            try await connection.send([UInt8](repeating: 120, count: length))
            #expect(try await connection.read(until: "bytes\n").contains("\(length) bytes"))
        }
    }

    @Test("who expects 100 gets it before the body, or the refusal instead")
    func expectContinue() async throws {
        try await limits { $0.bodyBytes = 1000 }.run { port, _ in
            let polite = try RawConnection(port: port)
            try await polite.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n"))
            let interim = try await polite.read(until: "\r\n\r\n")
            #expect(interim.hasPrefix("HTTP/1.1 100 Continue\r\n"))
            try await polite.send("hello")
            #expect(try await polite.read(until: "bytes\n").contains("5 bytes"))

            let tooLong = try RawConnection(port: port)
            try await tooLong.send(post("Expect: 100-continue\r\nContent-Length: 5000\r\n"))
            #expect(try await tooLong.read().hasPrefix("HTTP/1.1 413 "))

            let unknown = try RawConnection(port: port)
            try await unknown.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n", to: "/no"))
            #expect(try await unknown.read().hasPrefix("HTTP/1.1 404 "))
        }
    }

    @Test("a body slower than the minimum is 408")
    func slow() async throws {
        try await limits { $0.bodyGrace = .seconds(1) }.run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send(post("Content-Length: 100000\r\n") + "slow")
            let answer = try await connection.read()
            #expect(answer.hasPrefix("HTTP/1.1 408 "))
            #expect(answer.contains("onnection: close"))
        }
    }

    @Test("a body cut off is no body")
    func cutOff() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send(post("Content-Length: 10\r\n") + "half")
            connection.finish()
            let answer = try await connection.read()
            #expect(!answer.contains("200 OK"))
        }
    }

    @Test("beyond the bodies that the server can hold: 503 with Retry-After")
    func budget() async throws {
        try await limits { $0.bodiesInFlightBytes = 100_000 }.run { port, _ in
            let first = try RawConnection(port: port)
            try await first.send(post("Content-Length: 100000\r\n"))
            try await first.send([UInt8](repeating: 120, count: 90_000))
            try await Task.sleep(for: .milliseconds(200))

            let second = try RawConnection(port: port)
            try await second.send(post("Content-Length: 20000\r\n"))
            try await second.send([UInt8](repeating: 120, count: 20_000))
            let refusal = try await second.read(until: "}")
            #expect(refusal.hasPrefix("HTTP/1.1 503 "))
            #expect(refusal.contains("etry-After: 1"))

            try await first.send([UInt8](repeating: 120, count: 10_000))
            #expect(try await first.read(until: "bytes\n").contains("100000 bytes"))

            let third = try RawConnection(port: port)
            try await third.send(post("Content-Length: 20000\r\n"))
            try await third.send([UInt8](repeating: 120, count: 20_000))
            #expect(try await third.read(until: "bytes\n").contains("20000 bytes"))
        }
    }

    @Test("a client that goes away gives back what its body took")
    func clientGone() async throws {
        try await ScratchServer().run { port, _ in
            var client: RawConnection? = try RawConnection(port: port)
            try await client?.send(post("Content-Length: 100000\r\n"))
            try await client?.send([UInt8](repeating: 120, count: 50_000))
            #expect(try await bodyBytesInFlight(port: port) { $0 == 50_000 })
            client = nil
            #expect(try await bodyBytesInFlight(port: port) { $0 == 0 })
        }
    }

    /// Whether the metric comes to meet the condition within a few seconds.
    private func bodyBytesInFlight(
        port: Int, isMet: @Sendable (Int) -> Bool
    ) async throws -> Bool {
        for _ in 0..<500 {
            let connection = try RawConnection(port: port)
            try await connection.send(
                "GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            let line = try await connection.read().split(whereSeparator: \.isNewline)
                .first { $0.hasPrefix("muster_http_body_bytes_in_flight ") }
            if let number = line?.split(separator: " ").last.flatMap({ Int($0) }), isMet(number) {
                return true
            }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    @Test("a short body that nobody reads leaves the connection usable, a long one ends it")
    func unread() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send(post("Content-Length: 5\r\n", to: "/no") + "hello")
            #expect(try await connection.read(until: "}").hasPrefix("HTTP/1.1 404 "))
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await connection.read(until: "ok\n").hasPrefix("HTTP/1.1 200 "))

            let long = try RawConnection(port: port)
            try await long.send(post("Content-Length: 9999999\r\n", to: "/no") + "hello")
            #expect(try await long.read().hasPrefix("HTTP/1.1 404 "))
        }
    }
}

@Suite("Connections")
struct ConnectionTests {
    @Test("request fields that never end are 408, a silent connection is closed")
    func slowFields() async throws {
        try await limits { $0.headerTimeout = .milliseconds(300) }.run { port, _ in
            let slow = try RawConnection(port: port)
            try await slow.send("GET / HTTP/1.1\r\nHost: loc")
            let silent = try RawConnection(port: port)
            #expect(try await slow.read().hasPrefix("HTTP/1.1 408 "))
            #expect(try await silent.read() == "")
        }
    }

    @Test("sending a field now and then does not help")
    func dripping() async throws {
        try await limits { $0.headerTimeout = .milliseconds(300) }.run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send("GET / HTTP/1.1\r\n")
            for number in 0..<6 {
                try await connection.send("X-\(number): 1\r\n")
                try await Task.sleep(for: .milliseconds(100))
            }
            #expect(try await connection.read().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test("the second request on a connection has as much time as the first")
    func keptAlive() async throws {
        try await limits { $0.headerTimeout = .milliseconds(300) }.run { port, _ in
            let connection = try RawConnection(port: port)
            let request = "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
            try await connection.send(request)
            _ = try await connection.read(until: "ok\n")
            try await Task.sleep(for: .milliseconds(500))
            try await connection.send(request)
            #expect(try await connection.read(until: "ok\n").contains("200 OK"))
            try await connection.send("GET /heal")
            #expect(try await connection.read().hasPrefix("HTTP/1.1 408 "))
        }
    }

    @Test("an idle connection is closed after its time")
    func idle() async throws {
        try await limits { $0.keepAliveTimeout = .milliseconds(300) }.run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await connection.read().hasSuffix("ok\n"))
        }
    }

    @Test("who does not read an answer is not waited for")
    func stalledReader() async throws {
        let server = limits {
            $0.responseGrace = .milliseconds(200)
            $0.keepAliveTimeout = .seconds(5)
            $0.minimumBodyBytesPerSecond = Echo.largeBytes * 2
        }
        try await server.run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send("GET /echo/large HTTP/1.1\r\nHost: localhost\r\n\r\n")
            _ = try await connection.read(until: "HTTP/1.1 200 OK")
            try await Task.sleep(for: .seconds(1))
            #expect(try await connection.readCount() < Echo.largeBytes - 1_000_000)
        }
    }

    @Test("a slow reader gets the whole answer though the connection ends with it")
    func slowReader() async throws {
        try await limits { $0.lingerTimeout = .milliseconds(100) }.run { port, services in
            let request = "GET /echo/large HTTP/1.1\r\nHost: localhost\r\n"
            let closing = try RawConnection(port: port)
            try await closing.send(request + "Connection: close\r\n\r\n")
            let stopped = try RawConnection(port: port)
            try await stopped.send(request + "\r\n")
            _ = try await stopped.read(until: "HTTP/1.1 200 OK")
            await services.triggerGracefulShutdown()
            try await Task.sleep(for: .milliseconds(500))
            #expect(try await closing.readCount() > Echo.largeBytes)
            #expect(try await stopped.readCount() > Echo.largeBytes - 1_000_000)
        }
    }

    @Test("no bytes bring the server down")
    func fuzz() async throws {
        try await limits { $0.headerTimeout = .milliseconds(200) }.run { port, _ in
            let seed = Array(
                (post("Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n")
                    + "3\r\nabc\r\n0\r\n\r\n" + post("Content-Length: 3\r\n") + "abc").utf8)
            for _ in 0..<300 {
                var bytes = seed
                for _ in 0..<Int.random(in: 1...4) {
                    bytes[Int.random(in: bytes.indices)] = UInt8.random(in: .min ... .max)
                }
                let connection = try RawConnection(port: port)
                try await connection.send(Array(bytes.prefix(Int.random(in: 1...bytes.count))))
                if Bool.random() { connection.finish() }
            }
            let connection = try RawConnection(port: port)
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await connection.read(until: "ok\n").contains("200 OK"))
        }
    }

    @Test("what is no HTTP is 400")
    func garbage() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send("\u{1}\u{2}\u{3} nonsense\r\n\r\n")
            #expect(try await connection.read().hasPrefix("HTTP/1.1 400 "))
        }
    }

    @Test("an absolute request target is answered by its path")
    func absoluteForm() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send(
                "GET http://localhost/healthz?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
            #expect(try await connection.read(until: "ok\n").contains("200 OK"))
        }
    }

    @Test("who asks to close is closed")
    func close() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send(
                "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            #expect(try await connection.read().hasSuffix("ok\n"))
        }
    }

    @Test("who ends its own side after the request is still answered")
    func halfClosed() async throws {
        try await ScratchServer().run { port, _ in
            let connection = try RawConnection(port: port)
            try await connection.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.finish()
            #expect(try await connection.read().hasSuffix("ok\n"))
        }
    }

    @Test("a graceful stop answers what it has and ends")
    func gracefulStop() async throws {
        try await ScratchServer().run { port, services in
            let busy = try RawConnection(port: port)
            let idle = try RawConnection(port: port)
            try await busy.send(post("Expect: 100-continue\r\nContent-Length: 5\r\n"))
            _ = try await busy.read(until: "100 Continue\r\n\r\n")
            await services.triggerGracefulShutdown()
            try await Task.sleep(for: .milliseconds(200))
            try await busy.send("hello")
            #expect(try await busy.read(until: "bytes\n").hasPrefix("HTTP/1.1 200 "))
            #expect(try await idle.read() == "")
        }
    }

    @Test("a port in use is said in one line")
    func portInUse() async throws {
        try await ScratchServer().run { port, _ in
            let second = ScratchServer(
                configuration: ServerConfiguration(host: "127.0.0.1", port: port))
            await #expect(throws: ServerStartError.portInUse(host: "127.0.0.1", port: port)) {
                try await second.application().run()
            }
        }
    }

    @Test("so is an address of another machine")
    func foreignAddress() async throws {
        let server = ScratchServer(configuration: ServerConfiguration(host: "192.0.2.1", port: 0))
        await #expect(throws: ServerStartError.addressUnavailable(host: "192.0.2.1", port: 0)) {
            try await server.application().run()
        }
    }
}
