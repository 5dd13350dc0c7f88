import JSON
import Logging
import Registry
import RegistryHTML
import RegistryStore
import Synchronization

extension PageCall {
    /// What surrounds every page.
    func frame() async -> Frame {
        let status = services.store.status
        var frame = Frame(
            base: context.prefix, now: Moment(.now), commit: await servedCommit(),
            branch: status.branch, at: context.at, address: address,
            notices: Notices(
                readOnly: context.configuration.isReadOnly
                    ? .chosen : status.readOnlyReason.map { .trouble($0) },
                awayBranch: status.headElsewhere,
                uncommittedEdits: status.uncommittedEdits.count,
                invalidDocuments: snapshot.invalidPaths.count, keptTips: status.rewoundTips.count,
                mergeConflicts: status.mergeConflicts.count + (status.sync?.conflicts.count ?? 0)),
            reader: reader, formCode: services.pageKeys.forms.code(for: browser))
        frame.rights = rights
        frame.isBare = !context.mayRead
        return frame
    }

    private var reader: Reader {
        if let account = context.caller.account { return .account(account.text) }
        return context.caller.isUnrestricted ? .anybody : .anonymous
    }

    private var rights: ReaderRights {
        func reads(_ collections: Registry.Collection...) -> Bool {
            context.may(.read, in: .collections(Set(collections)))
        }
        return ReaderRights(
            readsAll: context.may(.read, in: .everything), readsDevices: reads(.devices),
            readsDashboards: reads(.grafanaDashboards, .foxgloveDashboards),
            readsRules: reads(.prometheusAlertRules, .lokiAlertRules),
            writes: context.may(.write, in: .somewhere), administers: context.mayAdminister)
    }

    /// Where the page is; nil where a browser would take its path for another host.
    private var address: PageAddress? {
        guard !path.raw.hasPrefix("//") else { return nil }
        let query = path.query.pairs.map { PageAddress.Member(name: $0.name, value: $0.value) }
        return PageAddress(path: path.raw, query: query)
    }

    /// The newest commits that touched `path`, or the registry; none where git cannot tell.
    func commits(touching path: String? = nil, limit: Int = 10) async -> [CommitLine] {
        do {
            let revision = context.at == nil ? nil : snapshot.commit
            return try await services.store.history(of: path, limit: limit, from: revision)
                .map(CommitLine.init)
        } catch {
            context.logger.warning(
                "A page is shown without its commits: \(error)",
                metadata: ["path": "\(path ?? "")"])
            return []
        }
    }

    /// The edit of `key` that nobody has committed, with its difference to the commit.
    func uncommittedEdit(of key: DocumentKey, at path: String) -> RegistryHTML.UncommittedEdit? {
        guard context.at == nil else { return nil }
        let edits = services.store.status.shownEdits
        guard var shown = edits.first(where: { $0.path == path }) else { return nil }
        let committed = services.store.index.committed[key]
        shown.isNew = committed == nil
        shown.diff = unifiedDiff(from: committed?.bytes ?? [], to: snapshot[key]?.bytes ?? [])
        return shown
    }

    /// What is wrong with the file at `path`.
    func problems(at path: String) -> [RegistryHTML.Problem] {
        memory.problems.value { snapshot.problems }.filter { $0.path == path }.map(Problem.init)
    }

    /// The devices that name a document.
    func devices(using key: DocumentKey) -> DeviceUse {
        let first = snapshot.referrers(of: key, limit: 100)
        return DeviceUse(first: first.map(\.id.text), count: snapshot.referrerCount(of: key))
    }

    /// Asks git only for a commit that no page has shown yet.
    private func servedCommit() async -> ServedCommit? {
        guard let commit = snapshot.commit else { return nil }
        if let known = memory.commit.withLock({ $0 }), known.id == "\(commit)" { return known }
        let newest = await commits(limit: 1).first.map { ServedCommit(id: $0.id, date: $0.date) }
        memory.commit.withLock { $0 = newest }
        return newest
    }
}

extension Moment {
    init(_ time: Timestamp) {
        self.init(seconds: time.microseconds / 1_000_000)
    }
}

extension CommitLine {
    init(_ entry: HistoryEntry) {
        self.init(
            id: entry.revision.description, subject: entry.subject, author: entry.author.name,
            date: Moment(entry.date))
    }
}

extension StoreStatus {
    /// The edits as pages show them, without their differences.
    var shownEdits: [RegistryHTML.UncommittedEdit] {
        uncommittedEdits.map { edit in
            .init(path: edit.path, isRemoval: edit.isRemoval, problem: edit.problem?.description)
        }
    }
}

extension RegistryHTML.Problem {
    init(_ problem: Registry.Problem) {
        let line = problem.line.map { "line \($0)" }
        self.init(
            path: problem.path, place: line ?? problem.pointer?.description ?? "",
            reason: problem.reason)
    }
}
