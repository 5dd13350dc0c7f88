import Registry

extension AppRequestContext {
    /// The policy that is served now, whatever `at` names.
    var servedPolicy: Policy { state.snapshot().snapshot.policy }

    /// Whether the caller may read anything at all, by the policy that is served now.
    var mayRead: Bool { may(.read, in: .somewhere) }

    var mayAdminister: Bool { may(.administer, in: .everything) }

    /// What the caller may do, a sentence for each right.
    var rightSentences: [String] {
        if mayAdminister { return ["You may do everything."] }
        let judgement = judgement(servedPolicy)
        let verbs: [(AccessRight, String)] = [
            (.read, "read"), (.write, "change"), (.approve, "approve changes of"),
        ]
        let sentences = verbs.compactMap { right, verb -> String? in
            let places = judgement.places(of: right)
            guard !places.isEmpty else { return nil }
            let words = places.map { $0 == "*" ? "everything" : $0 }.joined(separator: ", ")
            return "You may \(verb) \(words)."
        }
        return sentences.isEmpty ? ["You may do nothing yet."] : sentences
    }

    /// Whether the caller has a right, by the policy that is served now. A question and no attempt:
    /// nothing is noted of it.
    func may(_ right: AccessRight, in place: AccessPlace) -> Bool {
        let snapshot = state.snapshot().snapshot
        return judgement(snapshot.policy).denial(of: right, in: place, snapshot) == nil
    }

    /// Why the caller may not change these files, or approve that they change; nil where they may,
    /// with a message. A question, too.
    func refusal(
        of right: AccessRight, on paths: [String], isProposed: Bool = false, in snapshot: Snapshot
    ) -> String? {
        let judgement = judgement(snapshot.policy)
        if let denial = judgement.denial(of: right, in: .somewhere, snapshot) {
            return denial.reason
        }
        do throws(RegistryError) {
            try judgement.require(
                right, of: paths, snapshot, hasMessage: true, isProposed: isProposed)
            return nil
        } catch {
            return error.explanation
        }
    }
}
