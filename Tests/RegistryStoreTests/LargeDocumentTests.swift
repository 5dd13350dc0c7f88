import JSON
import Registry
import Testing

@testable import RegistryStore

@Suite("Large documents")
struct LargeDocumentTests {
    let registry: ScratchRegistry
    init() throws { registry = try ScratchRegistry() }

    private let members: JSONObject = [
        "title": "Large", "text": .text(String(repeating: "x", count: 100_000)),
    ]

    @Test("come from the working tree, or from git where a person has changed the file")
    func places() async throws {
        var store = try await registry.open()
        try await store.put("d1", members)
        let blob = try #require(store.index.current[Sample.key("d1")]?.blob)
        let expected = Array(Sample.text(members).utf8)
        let reader = LargeDocuments(WorkingTree(places: store.places))
        #expect(reader.bytes(of: blob, at: Sample.path("d1")) == expected)
        try registry.write(Sample.path("d1"), "{}")
        #expect(reader.bytes(of: blob, at: Sample.path("d1")) == expected)
        try registry.removeFile(Sample.path("d1"))
        #expect(reader.bytes(of: blob, at: Sample.path("d1")) == expected)
        #expect(reader.bytes(of: Revision(blobOf: []), at: Sample.path("d1")) == nil)
        await store.bringIndexForward()
        try registry.git("restore", Sample.path("d1"))
        await store.close()
        // From the snapshot file, which does not have it.
        store = try await registry.open()
        #expect(store.index.current[try Sample.key("d1")]?.bytes == expected)
        #expect(try store.title("d1") == "Large")
    }

    @Test("are served with a person's edits, and written like others")
    func edits() async throws {
        let store = try await registry.open()
        try await store.put("d1", members)
        await store.bringIndexForward()
        var edited = members
        edited["title"] = "Edited"
        try await whileRunning(store) {
            try await eventually { registry.read(Sample.path("d1")) == Sample.text(members) }
            try registry.write(Sample.path("d1"), Sample.text(edited))
            try await eventually { try store.title("d1") == "Edited" }
            try registry.git("commit", "-qam", "by hand")
            try await eventually { store.status.uncommittedEdits.isEmpty }
            #expect(try store.title("d1") == "Edited")
            try await store.put("d1", members)
            #expect(try store.title("d1") == "Large")
        }
        await store.close()
        try registry.judge()
    }
}
