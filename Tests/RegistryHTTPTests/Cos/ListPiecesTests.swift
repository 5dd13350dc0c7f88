import Hummingbird
import NIOCore
import Registry
import Testing

@testable import RegistryHTTP

@Suite("Lists that are kept")
struct ListPiecesTests {
    private func list(devices count: Int) throws -> CosList {
        var snapshot = Snapshot()
        for number in 0..<count {
            let key = DocumentKey(.devices, try #require(DocumentID("r\(number)")))
            let text = """
                {"uid": "r\(number)", "creation_date": "2026-01-31T12:00:00Z", "address": "10.0.0.1"}
                """
            snapshot.put(path: FileLayout().path(for: key), bytes: Array(text.utf8))
        }
        return CosRendering(snapshot).devices()
    }

    private func bytes(of body: ResponseBody) async throws -> [UInt8] {
        let collector = Collector()
        try await body.write(collector)
        return collector.bytes.all
    }

    private struct Collector: ResponseBodyWriter {
        final class Bytes { var all: [UInt8] = [] }
        let bytes = Bytes()
        mutating func write(_ buffer: ByteBuffer) { bytes.all += buffer.readableBytesView }
        consuming func finish(_ trailingHeaders: HTTPFields?) {}
    }

    @Test("are sent whole with their length, also from memory")
    func kept() async throws {
        let list = try list(devices: 300)
        let lists = ListPieces()
        for _ in 0..<2 {
            let body = lists.body(of: list, as: EntityTag("1"), named: "devices")
            #expect(body.contentLength == list.bytes.count)
            #expect(try await bytes(of: body) == list.bytes)
        }
        #expect(lists.byteCount == list.bytes.count)
    }

    @Test("a long one is not kept, and sent whole without its length")
    func long() async throws {
        let list = try list(devices: 600)
        let lists = ListPieces(listLimit: 1_000)
        let body = lists.body(of: list, as: EntityTag("1"), named: "devices")
        #expect(body.contentLength == nil)
        #expect(try await bytes(of: body) == list.bytes)
        #expect(lists.byteCount == 0)
        let length = lists.body(of: list, as: EntityTag("1"), named: "devices", onlyLength: true)
        #expect(length.contentLength == list.bytes.count)
    }

    @Test("a body that was begun ends as it began, whatever comes in its place")
    func replaced() async throws {
        let (old, new) = (try list(devices: 600), try list(devices: 300))
        let lists = ListPieces()
        let body = lists.body(of: old, as: EntityTag("1"), named: "devices")
        _ = lists.body(of: new, as: EntityTag("2"), named: "devices")
        #expect(lists.byteCount == new.bytes.count)
        #expect(body.contentLength == old.bytes.count)
        #expect(try await bytes(of: body) == old.bytes)
    }

    @Test("those that were not asked for longest go first")
    func room() throws {
        let list = try list(devices: 10)
        let size = list.bytes.count
        let lists = ListPieces(totalLimit: 2 * size)
        for name in ["a", "b", "a", "c"] {
            _ = lists.body(of: list, as: EntityTag("1"), named: name)
        }
        #expect(lists.byteCount == 2 * size)
        _ = lists.body(of: list, as: EntityTag("1"), named: "a")
        #expect(lists.byteCount == 2 * size)
    }
}
