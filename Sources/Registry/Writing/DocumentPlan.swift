/// What several writes would do to the registry, and what stands against them.
///
/// The writes are looked at in order, each seeing what those before it did. All of them or none are
/// carried out.
public struct DocumentPlan: Sendable {
    public enum Action: String, Hashable, Sendable {
        case create, change, delete
    }

    /// What becomes of one document.
    public struct Step: Sendable {
        public let key: DocumentKey
        public let action: Action
        /// The file, from the top of the repository.
        public let path: String
        public let old: StoredDocument?
        public let new: PreparedDocument?
    }

    /// Why one of the writes cannot be.
    public struct Refusal: Sendable {
        /// The write's place among all, from 0.
        public let index: Int
        public let key: DocumentKey
        public let error: RegistryError
    }

    /// The documents that become others, by collection and uid.
    public private(set) var steps: [Step] = []
    /// The first of what stands against it.
    public private(set) var refusals: [Refusal] = []
    /// How many there are in all.
    public private(set) var refusalCount = 0
    private let writes: [DocumentWrite]
    /// What each document was that the plan was made from, for making it again.
    private var basis: [DocumentKey: Revision?] = [:]

    /// The most refusals that are kept.
    public static let refusalLimit = 100

    /// - Parameters:
    ///   - allowsDangling: references may lead nowhere.
    ///   - earlier: a plan of the same writes, which is taken over where the documents that it was
    ///     made from are as they were.
    public init(
        _ writes: [DocumentWrite], on snapshot: Snapshot, now: Timestamp,
        allowsDangling: Bool = false, reusing earlier: DocumentPlan? = nil
    ) {
        if let earlier, earlier.refusals.isEmpty, earlier.isMade(from: snapshot) {
            self = earlier
            steps = steps.map { $0.on(snapshot) }
            checkReferences(on: snapshot)
            return
        }
        self.writes = writes
        var next = snapshot
        var last: [DocumentKey: Change] = [:]
        for (index, write) in writes.enumerated() {
            do throws(RegistryError) {
                for change in try write.changes(on: next, now: now) {
                    next.apply(change)
                    last[change.key] = change
                }
            } catch {
                refuse(index, write.key, error)
            }
            basis[write.key] = .some(snapshot[write.key]?.blob)
        }
        for change in last.values.sorted(by: { $0.key < $1.key }) {
            basis[change.key] = .some(snapshot[change.key]?.blob)
            guard let step = Step(change, on: snapshot) else { continue }
            steps.append(step)
        }
        if !allowsDangling { checkReferences(on: snapshot) }
    }

    public var writeCount: Int { writes.count }

    /// What a transaction does.
    public var changes: [Change] {
        refusals.isEmpty ? steps.map { $0.new.map { .put($0) } ?? .remove($0.key) } : []
    }

    /// `devices/robot-1: replace`, or how many documents there are.
    public var subject: String {
        let named = writes.first.map { "\($0.key)" } ?? "nothing"
        guard writes.count == 1, let write = writes.first else {
            return "\(named) and \(writes.count - 1) more: change"
        }
        let isNew = steps.first { $0.key == write.key }?.action == .create
        switch write.work {
        case .replace: return "\(named): \(isNew ? "create" : "replace")"
        case .mergePatch, .patch: return "\(named): change"
        case .remove: return "\(named): remove"
        }
    }

    private func isMade(from snapshot: Snapshot) -> Bool {
        basis.allSatisfy { key, blob in snapshot[key]?.blob == blob }
            && writes.allSatisfy { write in
                guard case .remove = write.work else { return true }
                // Who refers to it may be others now.
                return snapshot.referrers(of: write.key).allSatisfy { basis[$0] != nil }
            }
    }

    private mutating func refuse(_ index: Int, _ key: DocumentKey, _ error: RegistryError) {
        refusalCount += 1
        guard refusals.count < Self.refusalLimit else { return }
        refusals.append(Refusal(index: index, key: key, error: error))
    }
}

// A reference that leads nowhere already is somebody else's; new ones are refused.
extension DocumentPlan {
    private mutating func checkReferences(on snapshot: Snapshot) {
        let after = Dictionary(steps.map { ($0.key, $0) }) { $1 }
        let places = Dictionary(writes.enumerated().map { ($1.key, $0) }) { $1 }
        for step in steps {
            let place = places[step.key]
            if let new = step.new {
                for reference in new.content.references {
                    let target = reference.target
                    let isThere = after[target].map { $0.new != nil }
                    guard !(isThere ?? (snapshot[target] != nil)) else { continue }
                    let wasThere = step.old?.content.references.contains { $0.target == target }
                    guard wasThere != true || isThere == false else { continue }
                    let reason = InvalidDocument(
                        "There is no \(target).", at: reference.pointer, rule: .reference)
                    refuse(place ?? 0, step.key, .invalid(step.key, reason))
                }
            } else {
                let left = snapshot.referrers(of: step.key).filter { source in
                    guard let other = after[source] else { return true }
                    return other.new?.content.references.contains { $0.target == step.key } == true
                }
                if !left.isEmpty { refuse(place ?? 0, step.key, .referenced(step.key, by: left)) }
            }
        }
    }
}

extension DocumentPlan.Step {
    /// Nil where the document stays as it is.
    fileprivate init?(_ change: Change, on snapshot: Snapshot) {
        let stored = snapshot[change.key]
        guard let first = snapshot.fileChanges(for: [change]).first else { return nil }
        key = change.key
        path = first.path
        old = stored
        switch change {
        case .put(let document):
            new = document
            action = stored == nil ? .create : .change
        case .remove:
            new = nil
            action = .delete
        }
    }

    /// The same step from the document as another snapshot has it, with the same content.
    fileprivate func on(_ snapshot: Snapshot) -> DocumentPlan.Step {
        let change: Change = new.map { .put($0) } ?? .remove(key)
        return DocumentPlan.Step(change, on: snapshot) ?? self
    }
}

extension Snapshot {
    /// Carries a change out on this value alone.
    fileprivate mutating func apply(_ change: Change) {
        for file in fileChanges(for: [change]) {
            if let document = file.document {
                put(path: file.path, document, isCommitted: false)
            } else {
                remove(path: file.path)
            }
        }
    }
}
