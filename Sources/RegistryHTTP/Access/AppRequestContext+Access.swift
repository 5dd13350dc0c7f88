import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension AppRequestContext {
    /// What a policy allows the caller; the door is that of the dialect that was asked.
    func judgement(_ policy: Policy) -> Judgement {
        var judgement = Judgement(policy, of: caller, at: record.access.door)
        judgement.hasOwnLogin = record.access.hasOwnLogin
        return judgement
    }

    /// Refuses what the caller may not do, by the policy that is served now, whatever `at` names.
    func require(_ need: AccessNeed) throws(RegistryError) {
        guard !caller.isUnrestricted else { return }
        let snapshot = state.snapshot().snapshot
        let judgement = judgement(snapshot.policy)
        switch need {
        case .nothing: return
        case .account:
            guard caller.account == nil else { return }
            try refuse(
                Denial(
                    "This is about one's own account: log in first.", takesLogin: caller.isAnonymous
                ))
        case .right(let right, let place):
            try refuse(judgement.denial(of: right, in: place, snapshot))
            if [.approve, .administer].contains(right) { record.access.privilege = right }
        case .work:
            guard let denial = judgement.denial(of: .write, in: .somewhere, snapshot),
                judgement.denial(of: .approve, in: .somewhere, snapshot) != nil
            else { return }
            try refuse(denial)
        case .ownLogin(let right):
            try refuse(judgement.denialOfOwnLogin(for: right, snapshot))
            record.access.hasOwnLogin = true
        }
    }

    func require(_ right: AccessRight, in place: AccessPlace) throws(RegistryError) {
        try require(.right(right, place))
    }

    /// Judges a change of files when it is known, by the policy of the state before it.
    ///
    /// - Parameter hasMessage: whether its commit says why.
    func judge(
        _ right: AccessRight, hasMessage: Bool = false, isProposed: Bool = false
    ) -> PathJudge {
        { paths, state throws(RegistryError) in
            try audited { () throws(RegistryError) in
                try judgement(state.policy).require(
                    right, of: paths, state, hasMessage: hasMessage, isProposed: isProposed)
            }
        }
    }

    /// Notes what is denied.
    func audited<Value>(
        _ body: () throws(RegistryError) -> Value
    ) throws(RegistryError) -> Value {
        do throws(RegistryError) {
            return try body()
        } catch {
            if case .denied(let denial) = error {
                audit(record.action, denied: denial.reason, subject: record.path)
            }
            throw error
        }
    }

    /// Where the caller has each right, by the policy that is served now.
    var mayJSON: JSONValue {
        let judgement = judgement(servedPolicy)
        return .object(
            JSONObject(
                AccessRight.allCases.map { right in
                    let places = judgement.places(of: right).map { JSONValue.text($0) }
                    return (JSONString(right.rawValue), .array(places))
                }))
    }

    private func refuse(_ denial: Denial?) throws(RegistryError) {
        guard let denial else { return }
        try audited { () throws(RegistryError) in throw RegistryError.denied(denial) }
    }
}

extension AppRequestContext {
    /// Notes in the log what few may do, and tells the client where a write went that the policy
    /// wants to be proposed.
    func noteAccess(_ response: inout Response) {
        guard !caller.isUnrestricted,
            [.successful, .redirection].contains(response.status.kind)
        else { return }
        let access = record.access
        if access.privilege != nil, record.action != "GET", record.action != "HEAD" {
            audit(record.action, subject: record.path)
        }
        guard let proposal = access.proposal else { return }
        response.status = .accepted
        response.headers[.registryProposal] = "\(proposal)"
        response.headers[.location] = "\(baseURL)\(NativeDialect.base)proposals/\(proposal)"
    }
}
