import CZlib
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import RegistryHTTP

@Suite("Compressed answers")
struct CompressionTests {
    private func get(
        _ path: String, accepting codings: String?, method: HTTPRequest.Method = .get
    ) async throws -> TestResponse {
        var headers = HTTPFields()
        headers[.acceptEncoding] = codings
        let fields = headers
        return try await ScratchServer().application().test(.router) { client in
            try await client.executeRequest(uri: path, method: method, headers: fields, body: nil)
        }
    }

    @Test(
        "come where the client prefers them",
        arguments: [
            ("gzip", true), ("GZIP;Q=0.5", true), ("x-gzip", true), ("br, gzip, *;q=0", true),
            ("*", true), ("identity, gzip", true), ("identity;q=0.5, gzip;q=1.0", true),
            ("identity;q=0, *", true), ("", false), ("gzip;q=0", false), ("br", false),
            ("*;q=0", false), ("identity", false), ("identity;q=1, gzip;q=0.5", false),
            ("gzip;q=2", false), ("gzip;q=x", false), ("*, gzip;q=0", false), (";;,=,q=1", false),
        ])
    func negotiation(field: String, isCompressed: Bool) {
        #expect(AcceptedCodings([field]).prefersGzip == isCompressed)
    }

    @Test("hold the same bytes, in the format that gunzip reads")
    func whole() async throws {
        let plain = try await get("/echo/large", accepting: nil)
        #expect(plain.headers[.contentEncoding] == nil)
        #expect(plain.headers[.vary] == "Accept-Encoding")
        let answer = try await get("/echo/large", accepting: "gzip")
        #expect(answer.headers[.contentEncoding] == "gzip")
        #expect(answer.headers[.vary] == "Accept-Encoding")
        #expect(answer.headers[.contentLength] == nil)
        #expect(answer.body.readableBytes < Echo.largeBytes / 100)
        #expect(
            try gunzip(answer.body, most: Echo.largeBytes + 1)
                == Array(plain.body.readableBytesView))
    }

    @Test("are none where they would save nothing, unless the client takes nothing else")
    func small() async throws {
        let answer = try await get("/echo/context", accepting: "gzip")
        #expect(answer.headers[.contentEncoding] == nil)
        #expect(answer.headers[.vary] == nil)
        let refused = try await get("/echo/context", accepting: "gzip, identity;q=0")
        #expect(refused.headers[.contentEncoding] == "gzip")
        #expect(
            String(decoding: try gunzip(refused.body, most: 1_000), as: UTF8.self).contains("GET"))
    }

    @Test("have a tag of their own, and HEAD says the same")
    func tag() async throws {
        let plain = try await get("/echo/largetagged", accepting: nil)
        let answer = try await get("/echo/largetagged", accepting: "gzip")
        #expect(plain.headers[.eTag] == "\"v1\"")
        #expect(answer.headers[.eTag] == "\"v1-gzip\"")
        let head = try await get("/echo/largetagged", accepting: "gzip", method: .head)
        #expect(head.headers[.eTag] == "\"v1-gzip\"")
        #expect(head.headers[.contentEncoding] == "gzip")
        #expect(head.body.readableBytes == 0)
    }

    private func gunzip(_ body: ByteBuffer, most limit: Int) throws -> [UInt8] {
        var stream = z_stream()
        try #require(muster_inflate_init(&stream, 15 + 16) == Z_OK)
        defer { inflateEnd(&stream) }
        var input = Array(body.readableBytesView)
        var output = [UInt8](repeating: 0, count: limit)
        let count = input.withUnsafeMutableBufferPointer { input in
            output.withUnsafeMutableBufferPointer { output in
                stream.next_in = input.baseAddress
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(output.count)
                return inflate(&stream, Z_FINISH) == Z_STREAM_END ? Int(stream.total_out) : -1
            }
        }
        try #require(count >= 0 && stream.avail_in == 0)
        return Array(output[..<count])
    }
}
