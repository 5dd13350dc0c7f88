internal import Crypto
internal import Dispatch
internal import Synchronization

/// Tries passwords on a thread of its own, one after the other, so that no request waits behind a
/// hash that is slow on purpose, and remembers those that were right.
///
/// What is remembered is an HMAC of password and hash under a key of this process: whoever sends the
/// right password with each request, as git does, waits once.
final class PasswordChecks: Sendable {
    /// So many wait at once; more are turned away.
    static let mostWaiting = 64
    private static let mostProven = 10_000

    /// Tells the pairs of a password and a hash from each other.
    typealias Proof = [UInt8]
    private typealias Answer = CheckedContinuation<Bool, Never>

    private struct State {
        var proven: Set<Proof> = []
        /// Who waits for which check: the same password twice is tried once.
        var waiting: [Proof: [Answer]] = [:]
    }

    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "muster-passwords")
    private let processKey = SymmetricKey(size: .bits256)

    /// Whether the password was found right before, or is being tried now; asking tries nothing then.
    func isKnown(_ proof: Proof) -> Bool {
        state.withLock { $0.proven.contains(proof) || $0.waiting[proof] != nil }
    }

    /// Whether `hash` is the password's.
    ///
    /// - Parameter proof: that of the two, where the caller has it already.
    func matches(
        _ password: String, _ hash: PasswordHash, _ proof: Proof? = nil
    ) async throws(PasswordsBusy) -> Bool {
        let proof = proof ?? self.proof(of: password, hash)
        let (isProven, isFull) = state.withLock { state in
            (
                state.proven.contains(proof),
                state.waiting[proof] == nil && state.waiting.count >= Self.mostWaiting
            )
        }
        if isProven { return true }
        if isFull { throw PasswordsBusy() }
        return await withCheckedContinuation { answer in
            let isFirst = state.withLock { state in
                state.waiting[proof, default: []].append(answer)
                return state.waiting[proof]?.count == 1
            }
            guard isFirst else { return }
            queue.async { self.settle(proof, hash.matches(password)) }
        }
    }

    private func settle(_ proof: Proof, _ isRight: Bool) {
        let answers = state.withLock { state in
            if isRight {
                if state.proven.count >= Self.mostProven { state.proven = [] }
                state.proven.insert(proof)
            }
            return state.waiting.removeValue(forKey: proof) ?? []
        }
        for answer in answers { answer.resume(returning: isRight) }
    }

    func proof(of password: String, _ hash: PasswordHash) -> Proof {
        // The hash has a fixed end, so no two pairs make one text.
        let text = Array("\(password)\u{0}\(hash.text)".utf8)
        return Array(HMAC<SHA256>.authenticationCode(for: text, using: processKey))
    }
}

/// More passwords are being tried than the server has time for.
public struct PasswordsBusy: Error {}
