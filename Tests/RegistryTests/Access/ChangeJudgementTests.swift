import JSON
import Testing

@testable import Registry

@Suite("Which changes the policy allows to whom")
struct ChangeJudgementTests {
    private var registry = MemoryRegistry()

    init() throws {
        try registry.dashboard(.create, #"{"uid":"shared","dashboard":{}}"#)
        try registry.dashboard(.create, #"{"uid":"own","dashboard":{}}"#)
        try registry.dashboard(.create, #"{"uid":"unused","dashboard":{}}"#)
        try registry.device(
            .create, #"{"uid":"a","address":"10.0.0.1","grafana_dashboards":["shared","own"]}"#)
        try registry.device(
            .create, #"{"uid":"b","address":"10.0.0.2","grafana_dashboards":["shared"]}"#)
    }

    private func policy(_ text: String) throws -> Policy { try Policy(parsing: file(text)) }

    private func caller(_ roles: String..., scope: AccessScope = .everything) -> Caller {
        Caller(account: AccountName("carol"), roles: Set(roles), scope: scope, way: .token)
    }

    private func denial(
        _ edit: Edit<CosOutcome>, _ judgement: Judgement, hasMessage: Bool = false,
        isProposed: Bool = false
    ) -> RegistryError? {
        do throws(RegistryError) {
            try judgement.require(
                edit.changes, registry.snapshot, hasMessage: hasMessage, isProposed: isProposed)
            return nil
        } catch {
            return error
        }
    }

    private func device(_ mode: CosMode, _ body: String) throws -> Edit<CosOutcome> {
        DeviceWrite(parsing: try json(body), mode: mode).decide(on: registry.snapshot, now: .sample)
    }

    private func dashboard(_ mode: CosMode, _ body: String) throws -> Edit<CosOutcome> {
        DashboardWrite(parsing: try json(body), model: .grafanaDashboard, mode: mode)
            .decide(on: registry.snapshot)
    }

    private func remove(_ model: CosModel, _ name: String) throws -> Edit<CosOutcome> {
        CosRemoval(model, try id(name)).decide(on: registry.snapshot)
    }

    @Test("what a change takes with it counts")
    func cascades() throws {
        let policy = try policy(
            #"{"roles":{"d":{"write":["grafana_dashboards"]},"o":{"write":["devices"]}}}"#)
        let designer = Judgement(policy, of: caller("d"), at: .cos)
        #expect(denial(try remove(.grafanaDashboard, "unused"), designer) == nil)
        // It stands in the lists of devices.
        let refused = denial(try remove(.grafanaDashboard, "own"), designer)
        guard case .denied(let reason) = refused else { throw Missing() }
        #expect(reason.reason.contains("devices/a") && !reason.takesLogin)
        let both = Judgement(policy, of: caller("d", "o"), at: .cos)
        #expect(denial(try remove(.grafanaDashboard, "own"), both) == nil)
    }

    @Test("a certificate goes with its device, and is nobody's else to change")
    func certificates() throws {
        var copy = self
        let body: JSONValue = ["csr": .text(SampleRequests.p256)]
        copy.registry.apply(
            CertificateSubmission(parsing: body, device: try id("a"))
                .decide(on: registry.snapshot, now: .sample))
        let policy = try policy(#"{"roles":{"o":{"write":["devices"]}}}"#)
        let operators = Judgement(policy, of: caller("o"), at: .cos)
        #expect(copy.denial(try copy.remove(.device, "a"), operators) == nil)
        #expect(
            copy.denial(try copy.device(.patch(try id("a")), #"{"uid":"z"}"#), operators) == nil)
        let signing = CertificateUpdate(
            parsing: ["status": "signed", "certificate": "C"], device: try id("a"))
        let sign = signing.decide(on: copy.registry.snapshot, now: .sample)
        #expect(copy.denial(sign, operators) != nil)
    }

    @Test("a message and a proposal are asked for where the policy says so, of administrators too")
    func rules() throws {
        let policy = try policy(
            #"{"require_message":["devices"],"proposal_only":["grafana_dashboards"]}"#)
        let admin = Judgement(policy, of: caller("admin"), at: .cos)
        let rename = try device(.patch(try id("a")), #"{"address":"10.0.0.9"}"#)
        #expect(denial(rename, admin) == .messageRequired("devices"))
        #expect(denial(rename, admin, hasMessage: true) == nil)
        let change = try dashboard(.patch(try id("own")), #"{"dashboard":{"title":"x"}}"#)
        #expect(denial(change, admin) == .proposalOnly("grafana_dashboards"))
        #expect(denial(change, admin, isProposed: true) == nil)
        let open = Judgement(policy, of: .unrestricted(at: nil), at: .cos)
        #expect(denial(rename, open) == nil && denial(change, open) == nil)
    }

    @Test("what changes nothing is allowed to everybody")
    func nothing() throws {
        let nobody = Judgement(try policy("{}"), of: caller(), at: .cos)
        let same = try dashboard(.patch(try id("own")), #"{"dashboard":{}}"#)
        #expect(denial(same, nobody) == nil)
    }

    @Test("an agent at a device's address looks after that device, and no other")
    func agents() throws {
        let policy = try policy(#"{"anonymous":{"cos":{"rights":"own-device"}}}"#)
        let agent = Judgement(policy, of: .anonymous(at: "10.0.0.1"), at: .cos)
        #expect(denial(try device(.patch(try id("a")), #"{"public_ssh_key":"k"}"#), agent) == nil)
        #expect(denial(try device(.patch(try id("a")), #"{"uid":"c"}"#), agent) == nil)
        #expect(denial(try remove(.device, "a"), agent) == nil)
        #expect(denial(try device(.create, #"{"uid":"n","address":"10.0.0.1"}"#), agent) == nil)
        #expect(denial(try dashboard(.create, #"{"uid":"n","dashboard":{}}"#), agent) == nil)
        let own = try dashboard(.patch(try id("own")), #"{"dashboard":{"title":"x"}}"#)
        #expect(denial(own, agent) == nil)

        let others = [
            try device(.patch(try id("b")), #"{"public_ssh_key":"k"}"#), try remove(.device, "b"),
            try device(.create, #"{"uid":"n","address":"10.0.0.7"}"#),
            try device(.create, #"{"uid":"n","address":"robot-1.local"}"#),
            try dashboard(.patch(try id("shared")), #"{"dashboard":{"title":"x"}}"#),
            try dashboard(.patch(try id("unused")), #"{"dashboard":{"title":"x"}}"#),
            try remove(.grafanaDashboard, "own"),
        ]
        for (number, other) in others.enumerated() {
            guard case .denied(let reason) = denial(other, agent) else {
                Issue.record("\(number) was allowed")
                continue
            }
            #expect(reason.takesLogin)
        }
        let elsewhere = Judgement(policy, of: .anonymous(at: "10.0.0.1"), at: .native)
        #expect(denial(own, elsewhere) != nil)
    }

    @Test("a device asks for a certificate, and signs none")
    func requests() throws {
        var copy = self
        let policy = try policy(#"{"anonymous":{"cos":{"rights":"own-device"}}}"#)
        let agent = Judgement(policy, of: .anonymous(at: "10.0.0.1"), at: .cos)
        let body: JSONValue = ["csr": .text(SampleRequests.p256)]
        func request(_ name: String) throws -> Edit<CosOutcome> {
            CertificateSubmission(parsing: body, device: try id(name))
                .decide(on: copy.registry.snapshot, now: .sample)
        }
        #expect(copy.denial(try request("a"), agent) == nil)
        #expect(copy.denial(try request("b"), agent) != nil)
        copy.registry.apply(try request("a"))
        let signing = CertificateUpdate(
            parsing: ["status": "signed", "certificate": "C"], device: try id("a"))
        #expect(copy.denial(signing.decide(on: copy.registry.snapshot, now: .sample), agent) != nil)
    }

    @Test("a device with its certificate, and a token for one, write its own document alone")
    func oneDevice() throws {
        let policy = try policy(#"{"roles":{"editor":{"write":["*"]}}}"#)
        let device = try id("a")
        let callers = [
            Caller(device: device, way: .certificate),
            caller("editor", scope: AccessScope(device: device)),
        ]
        for caller in callers {
            let judgement = Judgement(policy, of: caller, at: .native)
            #expect(
                denial(try self.device(.patch(device), #"{"public_ssh_key":"k"}"#), judgement)
                    == nil)
            #expect(denial(try remove(.device, "a"), judgement) == nil)
            #expect(denial(try self.device(.patch(device), #"{"uid":"c"}"#), judgement) != nil)
            #expect(
                denial(try self.device(.patch(try id("b")), #"{"address":"h"}"#), judgement) != nil)
            #expect(
                denial(try dashboard(.create, #"{"uid":"n","dashboard":{}}"#), judgement) != nil)
            let own = AccessPlace.document(DocumentKey(.grafanaDashboards, try id("own")))
            #expect(judgement.denial(of: .read, in: own, registry.snapshot) == nil)
            let unused = AccessPlace.document(DocumentKey(.grafanaDashboards, try id("unused")))
            #expect(judgement.denial(of: .read, in: unused, registry.snapshot) != nil)
        }
    }

    @Test("policy and settings take the right to administer, other files that on everything")
    func files() throws {
        let policy = try policy(
            #"{"roles":{"e":{"write":["*"],"approve":["*"]},"o":{"write":["devices"]}}}"#)
        func isAllowed(_ role: String, _ paths: [String], isProposed: Bool = false) -> Bool {
            do throws(RegistryError) {
                try Judgement(policy, of: caller(role), at: .git).require(
                    .write, of: paths, registry.snapshot, hasMessage: true, isProposed: isProposed)
                return true
            } catch {
                return false
            }
        }
        #expect(isAllowed("admin", ["policy.json", "registry.json", "README.md"]))
        #expect(!isAllowed("e", ["policy.json"]) && !isAllowed("e", ["registry.json"]))
        #expect(isAllowed("e", ["README.md", "devices/a.json"]))
        #expect(!isAllowed("o", ["README.md"]))
        #expect(isAllowed("o", ["devices/x/a.json", "variables/devices/a.json"]))
        #expect(isAllowed("o", ["policy.json"], isProposed: true))
        #expect(!isAllowed("nobody", ["policy.json"], isProposed: true))
    }

    private struct Missing: Error {}
}
