import Hummingbird
import Registry
import RegistryHTML
import RegistryStore

extension PagesDialect {
    /// Edits of which pages show the difference.
    private static let shownEdits = 50

    /// `/repository/`
    func repository(_ call: PageCall) async -> Response {
        let status = services.store.status
        var page = RepositoryPage(
            cloneURL: "\(call.context.baseURL)/registry.git", clonePath: clonePath)
        page.edits = status.uncommittedEdits.count
        page.problems = memory.problems.value { call.snapshot.problems }.count
        page.keptTips = status.rewoundTips.count
        page.conflicts = status.mergeConflicts
        page.filesBehind = status.filesBehind
        page.lastError = status.lastError
        page.upstream = status.sync.map(RepositoryPage.Upstream.init)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    // MARK: Edits

    /// `/repository/edits`
    func edits(_ call: PageCall) async -> Response {
        let edits = await services.store.editedFiles(limit: Self.shownEdits)
        let query = call.path.query
        let done: String? =
            if let commit = query.last(of: "committed").flatMap({ Revision(hex: $0) }) {
                "The commit is \(commit)."
            } else if query.last(of: "discarded") != nil {
                "The edit is discarded; its content is kept below \(keptFolder)."
            } else {
                nil
            }
        let page = EditsPage(
            edits: edits.map { edit($0, for: call) },
            count: max(services.store.status.uncommittedEdits.count, edits.count), done: done)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// `POST /repository/edits/commit`
    func commitEdits(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let message = form.text("message")
        let done = try await services.store.commitEdits(
            try form.editChoice, message: message.isEmpty ? nil : message,
            author: call.author(form),
            judge: call.context.judge(.write, hasMessage: !message.isEmpty))
        let commit = done.commit.map { "?committed=\($0)" } ?? ""
        return call.seeOther("/repository/edits\(commit)")
    }

    /// `/repository/edits/discard`: asks first.
    func discardQuestion(_ call: PageCall) async -> Response {
        let path = call.path.query.last(of: "path") ?? ""
        guard
            let edit = await services.store.editedFiles().first(where: {
                $0.edit.path.utf8.elementsEqual(path.utf8)
            })
        else { return await call.message(.refused(RegistryError.noEdit(path: path))) }
        let page = DiscardPage(edit: self.edit(edit, for: call), folder: keptFolder)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// `POST /repository/edits/discard`
    func discardEdits(_ call: PageCall, _ form: PageForm) async throws -> Response {
        _ = try await services.store.discardEdits(
            try form.editChoice,
            judge: call.context.judge(.write, hasMessage: true, isProposed: true))
        return call.seeOther("/repository/edits?discarded=1")
    }

    /// The edit, and what the reader may do with it.
    private func edit(_ file: EditedFile, for call: PageCall) -> EditsPage.Edit {
        var edit = EditsPage.Edit(file)
        let committed = services.store.index.committed
        edit.commitRefusal = call.context.refusal(
            of: .write, on: [file.edit.path], in: committed)
        edit.discardRefusal = call.context.refusal(
            of: .write, on: [file.edit.path], isProposed: true, in: committed)
        return edit
    }

    private var keptFolder: String { services.store.stateDirectory + "/kept" }

    // MARK: Problems

    /// `/repository/problems`
    func problems(_ call: PageCall) async -> Response {
        let all = memory.problems.value { call.snapshot.problems }
        guard let slice = PageSlice(call.path.query, of: all.count) else {
            return await call.noPage
        }
        var rows: [ProblemsPage.Row] = []
        for problem in all[slice.range] {
            var row = ProblemsPage.Row(problem, in: call.snapshot)
            row.lastGood = await lastGood(problem, row.served, in: call.snapshot)
            rows.append(row)
        }
        let page = ProblemsPage(rows: rows, count: all.count, paging: slice.paging)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// The commit that made the version of an invalid file that is served.
    private func lastGood(
        _ problem: Registry.Problem, _ key: DocumentKey?, in snapshot: Snapshot
    ) async -> CommitLine? {
        guard let key, let served = snapshot[key],
            problem.rule == .syntax || problem.rule == .content
        else { return nil }
        let commits = try? await services.store.history(
            of: problem.path, limit: 20, from: snapshot.commit)
        for commit in commits ?? [] {
            let bytes = try? await services.store.file(problem.path, at: commit.revision)
            if let bytes, Revision(blobOf: bytes) == served.blob { return CommitLine(commit) }
        }
        return nil
    }

    // MARK: Kept tips

    /// `/repository/kept`
    func keptTips(_ call: PageCall) async throws -> Response {
        let tips = try await services.store.keptTips()
        var done: String?
        if let name = call.path.query.last(of: "deleted"),
            let tip = call.path.query.last(of: "tip").flatMap({ Revision(hex: $0) })
        {
            done = "\(name) is deleted. To have it back: git branch \(name) \(tip)"
        }
        let page = KeptPage(tips: tips.map(KeptPage.Tip.init), done: done)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// `POST /repository/kept/delete`
    func deleteKeptTip(_ call: PageCall, _ form: PageForm) async throws -> Response {
        guard let tip = Revision(hex: form.text("tip")) else {
            throw PageFormError.missing("The commit")
        }
        let name = form.text("name")
        try await services.store.deleteKeptTip(name, at: tip)
        return call.seeOther("/repository/kept?deleted=\(percentEncoded(name))&tip=\(tip)")
    }

    // MARK: Merge conflicts

    /// `POST /repository/conflicts`: a person has seen to these.
    func dismissConflicts(_ call: PageCall, _ form: PageForm) async throws -> Response {
        let places = zip(form.values("path"), form.values("pointer"))
        await services.store.dismissConflicts(places.map { (path: $0, pointer: $1) })
        return call.seeOther("/repository/")
    }
}

extension PageForm {
    /// Which edits a form is about, each as it was shown.
    fileprivate var editChoice: EditChoice {
        get throws(PageFormError) {
            let (paths, tags) = (values("path"), values("seen"))
            guard !paths.isEmpty, paths.count == tags.count else { throw .missing("The file") }
            return EditChoice(
                paths: paths, seen: Dictionary(zip(paths, tags)) { _, last in last })
        }
    }
}

extension EditsPage.Edit {
    fileprivate init(_ file: EditedFile) {
        self.init(
            difference: DocumentDifference(
                path: file.edit.path, old: file.committed, new: file.content),
            tag: file.tag, problem: file.edit.problem?.description)
    }
}

extension ProblemsPage.Row {
    fileprivate init(_ problem: Registry.Problem, in snapshot: Snapshot) {
        var served: DocumentKey?
        if case .document(let key) = FileLayout.key(ofPath: problem.path), snapshot[key] != nil {
            served = key
        }
        let advice =
            switch problem.rule {
            case .syntax, .content:
                served == nil
                    ? "Nothing is served for it. Correct the file and commit it."
                    : "The last good version is served. Correct the file and commit it, or write "
                        + "the document through the API."
            case .secret:
                "Take the secret out and commit; it stays in the history, so replace it too."
            case .reference: "Add what is named, or take the name out."
            case .doubledUID: "Remove the file that is not served."
            case .fileName: "Rename the file with git mv."
            case .caseTwin: "Rename one: some file systems cannot hold both."
            case .doubledNumber: "Take the member out of one, or leave both as they are."
            case .cycle: "Give one of them another parent, or none."
            case .sharedName: "Rename one."
            case .fullFolder: "Run muster reshard."
            }
        self.init(
            problem: RegistryHTML.Problem(problem), isWarning: problem.severity == .warning,
            served: served, advice: advice)
    }
}

extension KeptPage.Tip {
    fileprivate init(_ tip: KeptTip) {
        self.init(
            name: tip.name, commit: CommitLine(tip.tip),
            missing: tip.missing.prefix(20).map(CommitLine.init), missingCount: tip.missingCount,
            isMerged: tip.isMerged)
    }
}

extension RepositoryPage.Upstream {
    fileprivate init(_ sync: SyncStatus) {
        self.init(address: sync.upstream, branch: sync.branch)
        (ahead, behind) = (sync.ahead, sync.behind)
        lastSync = sync.lastSync.map(Moment.init)
        nextTry = sync.nextTry.map(Moment.init)
        error = sync.lastError
        conflicts = sync.conflicts
        problems = sync.problems.prefix(50).map(RegistryHTML.Problem.init)
    }
}
