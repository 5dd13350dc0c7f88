import Testing

@testable import Registry

/// A policy with a role for each kind of right.
private let policy: Policy = {
    var policy = Policy(roles: [
        "operator": RoleRights(
            read: [.everything], write: [.collection(.devices), .below("craton/")],
            approve: [.collection(.devices)]),
        "designer": RoleRights(write: [.collection(.grafanaDashboards)]),
        "keeper": RoleRights(administer: true),
        "editor": Policy.standard.roles["editor"] ?? RoleRights(),
    ])
    policy.anonymous = [
        .pages: AnonymousRights(.read),
        .native: AnonymousRights(.open, from: [AddressBlock("10.0.0.0/8")].compactMap(\.self)),
    ]
    return policy
}()

private func caller(_ roles: String..., scope: AccessScope = .everything) -> Caller {
    Caller(
        account: AccountName("carol"), roles: Set(roles), scope: scope, way: .token,
        address: "192.0.2.1")
}

@Suite("What the policy allows to whom")
struct JudgementTests {
    private let snapshot = Snapshot()
    private let everywhere = [
        AccessPlace.everything, .collections([.devices, .certificates]), .somewhere,
    ]

    private func isAllowed(
        _ right: AccessRight, _ place: AccessPlace, _ caller: Caller, at door: AccessDoor? = .cos
    ) -> Bool {
        Judgement(policy, of: caller, at: door).denial(of: right, in: place, snapshot) == nil
    }

    private func document(_ collection: Registry.Collection) throws -> AccessPlace {
        .document(DocumentKey(collection, try id("x")))
    }

    @Test(
        "administrators may do everything, whatever the policy says",
        arguments: AccessRight.allCases)
    func administrators(right: AccessRight) {
        for place in everywhere {
            #expect(isAllowed(right, place, caller("admin")))
            #expect(isAllowed(right, place, caller("keeper")))
            let none = Judgement(Policy(roles: [:]), of: caller("admin"), at: nil)
            #expect(none.denial(of: right, in: place, snapshot) == nil)
        }
    }

    @Test("a role that there is not is named, with those that there are")
    func unknownRoles() {
        #expect(policy.complaint(about: []) == nil)
        #expect(policy.complaint(about: ["admin", "keeper", "editor"]) == nil)
        let known = "there are admin, designer, editor, keeper, operator (policy.json)."
        for (given, wrong) in [
            (["reader", "admin"], "reader"), (["z", "b"], "b"), (["Admin"], "Admin"), ([""], ""),
        ] {
            #expect(policy.complaint(about: given) == "There is no role '\(wrong)'; \(known)")
        }
        #expect(Policy.standard.roleNames == ["admin", "editor", "reader"])
    }

    @Test("whoever has no role of the policy may do nothing", arguments: AccessRight.allCases)
    func strangers(right: AccessRight) throws {
        for place in everywhere + [try document(.devices)] {
            #expect(!isAllowed(right, place, caller()))
            #expect(!isAllowed(right, place, caller("nobody")))
            #expect(!isAllowed(right, place, .anonymous(at: "192.0.2.1")))
        }
    }

    @Test("on a server that asks nobody the policy judges nobody", arguments: AccessRight.allCases)
    func unrestricted(right: AccessRight) {
        for place in everywhere { #expect(isAllowed(right, place, .unrestricted(at: nil))) }
    }

    @Test(
        "a role has its rights in its collections alone, and in their variables",
        arguments: [
            (.devices, true), (.deviceVariables, true), (.cratonRegions, true),
            (.regionVariables, false), (.certificates, false), (.grafanaDashboards, false),
        ] as [(Registry.Collection, Bool)])
    func collections(collection: Registry.Collection, isAllowed expected: Bool) throws {
        #expect(isAllowed(.write, try document(collection), caller("operator")) == expected)
        #expect(isAllowed(.write, .collections([collection]), caller("operator")) == expected)
        #expect(isAllowed(.read, try document(collection), caller("operator")))
        #expect(!isAllowed(.write, .everything, caller("operator")))
        #expect(!isAllowed(.administer, .everything, caller("operator", "editor")))
    }

    @Test("roles add up, and who may change something may read it")
    func union() throws {
        let both = caller("operator", "designer")
        #expect(isAllowed(.write, .collections([.devices, .grafanaDashboards]), both))
        #expect(isAllowed(.read, try document(.grafanaDashboards), caller("designer")))
        #expect(!isAllowed(.read, try document(.devices), caller("designer")))
        #expect(!isAllowed(.read, .everything, caller("designer")))
    }

    @Test("a token takes away rights, collections and all devices but one")
    func scope() throws {
        let readOnly = caller("admin", scope: AccessScope(rights: [.read]))
        #expect(isAllowed(.read, .everything, readOnly))
        for right in [AccessRight.write, .approve, .administer] {
            #expect(!isAllowed(right, .somewhere, readOnly))
        }
        let devices = caller("admin", scope: AccessScope(collections: ["devices"]))
        #expect(isAllowed(.write, try document(.devices), devices))
        #expect(isAllowed(.write, try document(.deviceVariables), devices))
        #expect(!isAllowed(.read, try document(.certificates), devices))
        #expect(!isAllowed(.read, .everything, devices))
        #expect(!isAllowed(.administer, .everything, devices))
        let one = caller("editor", scope: AccessScope(device: try id("x")))
        #expect(isAllowed(.read, try document(.devices), one))
        #expect(isAllowed(.write, try document(.devices), one))
        let other = AccessPlace.document(DocumentKey(.devices, try id("y")))
        #expect(!isAllowed(.read, other, one) && !isAllowed(.write, other, one))
        #expect(!isAllowed(.read, .collections([.devices]), one))
        #expect(!isAllowed(.write, try document(.devices), caller(scope: one.scope)))
    }

    @Test("the anonymous have the rights of their door, from its networks")
    func anonymous() throws {
        let near = Caller.anonymous(at: "10.1.2.3")
        let far = Caller.anonymous(at: "192.0.2.1")
        #expect(isAllowed(.read, .everything, far, at: .pages))
        #expect(!isAllowed(.write, .somewhere, far, at: .pages))
        #expect(isAllowed(.write, .everything, near, at: .native))
        #expect(isAllowed(.read, .everything, near, at: .native))
        #expect(!isAllowed(.approve, .somewhere, near, at: .native))
        #expect(!isAllowed(.administer, .everything, near, at: .native))
        #expect(!isAllowed(.read, .everything, far, at: .native))
        #expect(!isAllowed(.read, .everything, .anonymous(at: nil), at: .native))
        #expect(!isAllowed(.read, .everything, near, at: .cos))
        #expect(!isAllowed(.read, .everything, near, at: nil))
        // Saying who one is takes nothing away.
        #expect(isAllowed(.read, .everything, caller(), at: .pages))
    }

    @Test("people are told where they have a right")
    func summary() {
        func places(_ right: AccessRight, _ caller: Caller) -> [String] {
            Judgement(policy, of: caller, at: .cos).places(of: right)
        }
        #expect(places(.read, caller("operator")) == ["*", "craton/*", "devices"])
        #expect(places(.write, caller("operator", "designer")).contains("grafana_dashboards"))
        #expect(places(.administer, caller("admin")) == ["*"])
        #expect(places(.administer, caller("editor")).isEmpty)
        let cut = AccessScope(rights: [.read, .write], collections: ["devices", "certificates"])
        #expect(places(.write, caller("operator", scope: cut)) == ["devices", "variables/devices"])
        #expect(places(.approve, caller("operator", scope: cut)).isEmpty)
        #expect(places(.read, .anonymous(at: nil)).isEmpty)
        #expect(places(.approve, .unrestricted(at: nil)) == ["*"])
    }

    @Test("only those who are not known are asked to log in")
    func login() {
        let stranger = Judgement(policy, of: .anonymous(at: nil), at: .cos)
        #expect(stranger.denial(of: .read, in: .everything, snapshot)?.takesLogin == true)
        let carol = Judgement(policy, of: caller(), at: .cos)
        #expect(carol.denial(of: .read, in: .everything, snapshot)?.takesLogin == false)
    }
}
