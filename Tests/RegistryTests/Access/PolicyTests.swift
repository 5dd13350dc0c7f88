import JSON
import Testing

@testable import Registry

@Suite("The policy of a registry")
struct PolicyTests {
    @Test("is written as it was read")
    func roundTrip() throws {
        for row in SchemaTable.policyRows where row.isValid {
            let policy = try Policy(parsing: file(row.text))
            #expect(try Policy(parsing: policy.canonicalBytes()) == policy, "\(row)")
        }
    }

    @Test(
        "names the place of what it does not understand",
        arguments: [
            (#"{"roles":{"a":{"reed":[]}}}"#, "/roles/a/reed"),
            (#"{"roles":{"a":{"read":["devices","x"]}}}"#, "/roles/a/read/1"),
            (#"{"anonymous":{"cos":{"rights":"all"}}}"#, "/anonymous/cos/rights"),
            (#"{"proposal_only":["x"]}"#, "/proposal_only/0"),
            (#"{"rolls":{}}"#, "/rolls"),
        ])
    func places(text: String, pointer: String) {
        do throws(InvalidDocument) {
            _ = try Policy(parsing: file(text))
            Issue.record("\(text) was taken")
        } catch {
            #expect(error.pointer?.description == pointer)
        }
    }

    @Test("a registry without the file has editors and readers, and is closed to the anonymous")
    func standard() throws {
        let policy = Snapshot().policy
        #expect(policy.roles.keys.sorted() == ["editor", "reader"])
        #expect(policy.anonymous.isEmpty && policy.proposalOnly.isEmpty)
        #expect(policy.roles["editor"]?.administer == false)
    }

    @Test("one that breaks leaves the last good one in force, and is reported")
    func lastGood() throws {
        var snapshot = Snapshot()
        snapshot.put(path: "policy.json", bytes: file("{}"))
        #expect(snapshot.policy.roles.isEmpty && snapshot.problems.isEmpty)
        snapshot.put(path: "policy.json", bytes: file(#"{"roles":{"a":{"x":1}}}"#))
        #expect(snapshot.policy.roles.isEmpty)
        #expect(snapshot.problems.map(\.path) == ["policy.json"])
        #expect(snapshot.problems.first?.pointer?.description == "/roles/a/x")
        let copy = try SnapshotArchive.read(
            SnapshotArchiveTests.archive(snapshot), program: "test", cache: DerivedCache())
        #expect(copy.policy == snapshot.policy && copy.problems == snapshot.problems)
        snapshot.remove(path: "policy.json")
        #expect(snapshot.policy == .standard && snapshot.problems.isEmpty)
    }
}
