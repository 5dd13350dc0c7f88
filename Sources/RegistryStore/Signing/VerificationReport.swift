public import JSON
public import Registry

/// What signatures say of a range of commits.
public struct VerificationReport: Sendable {
    /// A signature that counts, on a commit that none of the others covers.
    public struct Cover: Hashable, Sendable {
        public let commit: Revision
        /// Whose the key is, as the allowed signers name it.
        public let signer: String
        /// `SHA256:...`
        public let key: String
        /// When the commit says that it was made.
        public let time: Timestamp
    }

    /// A commit that no signature covers which counts.
    public struct Uncovered: Hashable, Sendable {
        public let commit: Revision
        public let author: String
        public let subject: String
        /// Why its own signature does not count.
        public let reason: String
    }

    public let tip: Revision
    public var commits = 0
    public var covers: [Cover] = []
    /// The newest of them.
    public var uncovered: [Uncovered] = []
    public var uncoveredCount = 0
    /// Where the keys come from.
    public let signersFile: String

    public var isCovered: Bool { uncoveredCount == 0 }

    /// What no signature can tell.
    public var notProven: [String] {
        [
            "that these are the right keys: compare their fingerprints, or give a file of your own"
                + " with --allowed-signers",
            "that a commit was made when it says: who has a key can date back",
            "that nothing newer was left out: compare the newest commit with the server's",
            "that every object is whole: git fsck",
        ]
    }

    public var json: JSONValue {
        [
            "tip": .text("\(tip)"), "commits": .number(JSONNumber(commits)),
            "covered": .bool(isCovered), "allowed_signers": .text(signersFile),
            "signatures": .array(
                covers.map {
                    [
                        "commit": .text("\($0.commit)"), "signer": .text($0.signer),
                        "key": .text($0.key), "time": .text("\($0.time)"),
                    ]
                }), "uncovered_count": .number(JSONNumber(uncoveredCount)),
            "uncovered": .array(
                uncovered.map {
                    [
                        "commit": .text("\($0.commit)"), "author": .text($0.author),
                        "subject": .text($0.subject), "reason": .text($0.reason),
                    ]
                }), "not_proven": .array(notProven.map { .text($0) }),
        ]
    }

    init(tip: Revision, signersFile: String) {
        self.tip = tip
        self.signersFile = signersFile
    }
}
