import JSON
import Testing

@testable import Registry

@Suite("Writes of the Craton API")
struct CratonWriteTests {
    private struct Numbers: CratonNumbers {
        func next(_ family: CratonFamily, above highest: Int) -> Int { highest + 1 }
    }

    /// A device with a child and an interface, a robot with a host name, and a network.
    private let snapshot = CratonFiles.snapshot([
        ("devices/top.json", CratonFiles.device("top", id: 1)),
        ("devices/sub.json", CratonFiles.device("sub", region: "r2", parent: "top", id: 2)),
        ("variables/devices/sub.json", Array(#"{"variables":{"a":1}}"#.utf8)),
        (
            "devices/robot.json",
            Array(
                #"{"uid":"robot","creation_date":"2026-01-31T12:00:00Z","address":"robot.local","region":"r2"}"#
                    .utf8)
        ),
        (
            "craton/interfaces/i.json",
            CratonFiles.item(
                "i", ["name": "e", "device": "sub", "interface_type": "t", "ip_address": "::1"],
                id: 1)
        ),
    ])

    private func apply(_ edit: Edit<CratonOutcome>) -> Snapshot {
        var next = snapshot
        for change in edit.changes {
            switch change {
            case .put(let document):
                next.put(
                    path: next[document.key]?.path ?? next.layout.path(for: document.key), document)
            case .remove(let key):
                if let path = next[key]?.path { next.remove(path: path) }
            }
        }
        return next
    }

    @Test("a region goes with all in it; who is only listed there by another API stays, without it")
    func cascade() throws {
        let edit = CratonRemoval(.regions, "2", for: CratonFiles.caller).decide(on: snapshot)
        let after = apply(edit)
        #expect(edit.subject == "craton/regions/r2: remove region r2 (2) with 2 more")
        #expect(after.device(try id("sub")) == nil)
        #expect(after.device(try id("top")) != nil)
        #expect(after.count(of: .cratonInterfaces) == 0 && after.count(of: .deviceVariables) == 0)
        let robot = try #require(after.device(try id("robot")))
        #expect(robot.region == nil)
        #expect(after.problems.isEmpty)
    }

    @Test("what has a child elsewhere is not removed")
    func refusedRemoval() {
        for (kind, number) in [(CratonKind.hosts, "1"), (.regions, "1"), (.clouds, "1")] {
            let edit = CratonRemoval(kind, number, for: CratonFiles.caller).decide(on: snapshot)
            guard case .refused(let refusal) = edit.answer else {
                Issue.record("\(kind) was removed")
                continue
            }
            #expect(refusal.status == 409 && edit.changes.isEmpty)
        }
    }

    @Test("a new host has its name as uid where that is free, and the next number")
    func creation() throws {
        func create(_ name: String) throws -> Edit<CratonOutcome> {
            let body: JSONValue = [
                "name": .text(name), "cloud_id": 1, "region_id": 1, "device_type": "t",
                "ip_address": "2001:DB8::1", "labels": ["b", "a", "b"],
            ]
            return try CratonCreation(
                parsing: body, .hosts, for: CratonFiles.caller,
                random: Array(repeating: 0xAB, count: 24)
            ).decide(on: snapshot, now: Timestamp(microseconds: 0), numbers: Numbers())
        }
        let free = try create("web-1")
        #expect(free.answer == .created(DocumentKey(.devices, try id("web-1"))))
        let after = apply(free)
        #expect(after.craton.row(.device, 3)?.id.text == "web-1")
        #expect(after.variables(of: DocumentKey(.devices, try id("web-1"))).labels == ["a", "b"])
        // The text of the address is kept; who asks by the other API gets its shortest form.
        #expect(after.device(try id("web-1"))?.address == "2001:db8::1")
        let text = String(
            decoding: after[DocumentKey(.devices, try id("web-1"))]?.bytes ?? [], as: UTF8.self)
        #expect(text.contains("2001:DB8::1"))

        #expect(
            try create("robot").answer == .created(DocumentKey(.devices, try id("robot.abababab"))))
        #expect(try create("top").answer == .refused(.taken(.device)))
    }

    @Test("a PUT that changes nothing makes no edit; a parent below itself is refused")
    func change() throws {
        func change(_ body: JSONValue) throws -> Edit<CratonOutcome> {
            try CratonChange(parsing: body, .hosts, "1", for: CratonFiles.caller)
                .decide(on: snapshot, now: Timestamp(microseconds: 0))
        }
        #expect(try change(["name": "top", "active": true]).changes.isEmpty)
        #expect(try change(["parent_id": .null]).changes.isEmpty)
        #expect(try change(["note": "x"]).changes.count == 1)
        let refused = try change(["parent_id": 2, "name": "lost"])
        guard case .refused(let refusal) = refused.answer else {
            Issue.record("a circle was made")
            return
        }
        #expect(refusal.status == 400 && refusal.message.contains("for 'lost'"))
    }

    @Test("a private key in a variable is refused")
    func secret() throws {
        let body: JSONValue = ["k": "-----BEGIN RSA PRIVATE KEY-----"]
        let edit = try CratonVariablesChange(
            parsing: body, .putVariables, .hosts, "1", for: CratonFiles.caller
        ).decide(on: snapshot)
        guard case .refused(let refusal) = edit.answer else {
            Issue.record("a private key was stored")
            return
        }
        #expect(refusal.status == 400 && edit.changes.isEmpty)
    }

    private func id(_ text: String) throws -> DocumentID { try #require(DocumentID(text)) }
}
