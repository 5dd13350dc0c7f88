internal import Git
internal import Glibc
internal import Registry
internal import Synchronization

extension RegistryStore {
    /// At most this many transactions share one flush.
    private static let batchLimit = 256
    /// No batch is begun with less than this many bytes free: what it writes must end well.
    private static let spaceNeeded: UInt64 = 64 << 20
    /// New objects of one batch; larger ones wait for the next.
    private static let batchBytes = 64 << 20

    /// Runs waiting transactions until `ticket` is among those that were run.
    ///
    /// Their answers come when their files are in place, while the next batch is made.
    func commitWaiting(until ticket: any WaitingTransaction) {
        while !ticket.isTaken {
            let batch = waiting.take(atMost: Self.batchLimit)
            if batch.isEmpty { return }
            commit(batch)
        }
    }

    private func commit(_ batch: [any WaitingTransaction]) {
        published.withLock { $0.statistics.transactions &+= UInt64(batch.count) }
        notePlacedFiles()
        var open = batch
        do throws(RegistryError) {
            try requireWritable()
            while !open.isEmpty { open = try commitChain(open) }
        } catch {
            for transaction in open where !transaction.isAnswered { fail(transaction, error) }
        }
    }

    private func fail(_ transaction: any WaitingTransaction, _ error: RegistryError) {
        published.withLock { $0.statistics.failures &+= 1 }
        transaction.fail(error)
    }

    func requireWritable() throws(RegistryError) {
        if options.readOnly { throw .readOnly(reason: "the server was started read-only") }
        if let reason = report.readOnlyReason { throw .readOnly(reason: reason) }
        for path in Set([places.service, places.workingTree]) {
            if let free = FileSystem.freeBytes(at: path), free < Self.spaceNeeded {
                throw .storageFull(reason: "less than 64 MiB are free at \(path)")
            }
        }
        try waitForExpectedCommit()
        if let head = report.headElsewhere {
            throw .branchSwitched(head: head, served: report.branch)
        }
    }

    /// Gives a person's commit, whose hook has just been here, the moment that it needs to move
    /// the branch.
    private func waitForExpectedCommit() throws(RegistryError) {
        let before = tip
        try lookAtBranch()
        while tip == before, Clock.monotonicSeconds < schedule.commitExpectedUntil {
            usleep(5_000)
            try lookAtBranch()
        }
        schedule.stopExpectingCommit()
    }

    /// What a transaction will be told once the chain is stored.
    private struct Outcome {
        let transaction: any WaitingTransaction
        var snapshot: Snapshot
        let isNewCommit: Bool
        /// Of the files that it changes.
        let paths: [String]

        func tell() {
            transaction.succeed(snapshot, commit: snapshot.commit, isNewCommit: isNewCommit)
        }
    }

    /// Runs the transactions in order, each seeing its predecessors' effect, and stores the chain
    /// of their commits with one flush.
    ///
    /// - Returns: the transactions that did not fit into this chain.
    private func commitChain(
        _ batch: [any WaitingTransaction]
    ) throws(RegistryError) -> [any WaitingTransaction] {
        var draft = Draft(snapshot: committed, trees: trees, tip: tip)
        var outcomes: [Outcome] = []
        var rest = batch[...]
        while draft.bytes < Self.batchBytes, let transaction = rest.popFirst() {
            do throws(RegistryError) {
                let paths = try add(transaction, to: &draft)
                outcomes.append(
                    Outcome(
                        transaction: transaction, snapshot: draft.snapshot,
                        isNewCommit: !paths.isEmpty, paths: paths))
            } catch {
                fail(transaction, error)
            }
        }
        guard draft.commits > 0 else {
            for outcome in outcomes { outcome.tell() }
            return Array(rest)
        }
        sign(&draft, &outcomes)
        if try store(draft, telling: outcomes) { return Array(rest) }
        // Somebody else moved the branch: decide again on what is there now.
        try lookAtBranch()
        return outcomes.map(\.transaction) + rest
    }

    /// Signs the newest commit of the chain where that is asked for; whom it was for learns its id.
    private func sign(_ draft: inout Draft, _ outcomes: inout [Outcome]) {
        guard let key = currentSigner(), let unsigned = draft.signNewest(with: key) else { return }
        for place in outcomes.indices.reversed() {
            guard outcomes[place].snapshot.commit == Revision(unsigned) else { return }
            outcomes[place].snapshot = draft.snapshot
        }
    }

    /// Adds the transaction's commit to the chain; none when it changes nothing.
    ///
    /// - Returns: the paths of the files that it changes.
    private func add(
        _ transaction: any WaitingTransaction, to draft: inout Draft
    ) throws(RegistryError) -> [String] {
        let decision = try transaction.decide(on: draft.snapshot)
        let message = CommitMessage(
            subject: decision.subject, body: transaction.body, trailers: transaction.trailers,
            author: transaction.author, seconds: Clock.seconds)
        try message.requireNoSecret()
        do {
            let steps = try draft.steps(for: decision.changes, in: database)
            if steps.isEmpty { return [] }
            if let path = try uncommittedPath(among: steps, in: draft) {
                throw RegistryError.uncommittedEdit(path: path)
            }
            try draft.commit(steps, message, in: database)
            return steps.map(\.path)
        } catch {
            throw storageError(error)
        }
    }

    /// The first path whose file in the working tree is neither what the branch holds nor what a
    /// late write of the server left there.
    private func uncommittedPath(
        among steps: [Draft.Step], in draft: Draft
    ) throws(RegistryError) -> String? {
        let fresh = steps.filter { draft.files[FilePath($0.path)] == nil }
        let found = workingTree.findings(at: fresh.map(\.path))
        for (step, finding) in zip(fresh, found)
        where isPersonsEdit(finding, at: step.path, over: step.old?.id) { return step.path }
        return nil
    }

    /// Whether the file in the working tree is neither what the branch holds nor what a late write
    /// of the server left there.
    func isPersonsEdit(_ path: String, over committed: ObjectID?) -> Bool {
        isPersonsEdit(workingTree.finding(at: path), at: path, over: committed)
    }

    private func isPersonsEdit(
        _ finding: WorkingTree.Finding, at path: String, over committed: ObjectID?
    ) -> Bool {
        guard report.headElsewhere == nil else { return false }
        guard case .content(let found) = finding else { return true }
        if found == committed { return false }
        return !lateContents(of: FilePath(path)).contains { $0?.id == found }
    }

    /// Makes the chain durable, moves the branch and begins to bring the files up to date.
    ///
    /// - Parameter outcomes: told when the files are in place.
    /// - Returns: false when the branch was moved by somebody else; then nothing has happened.
    private func store(
        _ draft: Draft, telling outcomes: [Outcome]
    ) throws(RegistryError) -> Bool {
        guard let next = draft.tip else { return true }
        guard try moveBranch(from: tip, to: next, storing: draft.objects) else { return false }
        published.withLock {
            $0.statistics.commits &+= UInt64(draft.commits)
            $0.statistics.batchSizes.record(Double(draft.commits))
        }
        historyIndex.feed.add(draft.log)
        tip = next
        trees = draft.trees
        committed = draft.snapshot
        for (path, edit) in draft.files { keeper.note(path.text, from: edit.old, to: edit.new) }
        schedule.noteWrite()
        // HEAD may have gone elsewhere in this moment: then the files are another branch's.
        let isHere = (try? repository.headBranch()) == branch
        publish()
        place(isHere ? draft.files : [:], telling: outcomes)
        return true
    }

    /// Brings files up to date and tells what became of the transactions: of those with few files
    /// without waiting for those of a transaction with many.
    private func place(_ files: [FilePath: Draft.FileEdit], telling outcomes: [Outcome]) {
        let large = outcomes.filter { $0.paths.count > FilePlacer.largeBatch }
        guard !large.isEmpty else {
            return beginPlacing(files) {
                for outcome in outcomes { outcome.tell() }
            }
        }
        let paths = Set(large.flatMap(\.paths).map { FilePath($0) })
        let waits = { (outcome: Outcome) in outcome.paths.contains { paths.contains(FilePath($0)) }
        }
        let (quick, rest) = (outcomes.filter { !waits($0) }, outcomes.filter(waits))
        beginPlacing(files.filter { !paths.contains($0.key) }) {
            for outcome in quick { outcome.tell() }
        }
        beginPlacing(files.filter { paths.contains($0.key) }) {
            for outcome in rest { outcome.tell() }
        }
    }
}
