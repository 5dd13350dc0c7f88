import JSON
import Registry

extension RepositoryPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Repository", place: .repository)
        view["cloneWord"] = .text(shellWord(cloneURL))
        view["pathWord"] = .text(shellWord(clonePath))
        view["bundleHref"] = .text(links.address("/backup.bundle"))
        view["branchWord"] = .text(shellWord(frame.branch))
        view["awayBranch"] = .optional(frame.notices.awayBranch)
        view["writes"] = .text(frame.notices.writes)
        view["tiles"] = .list([
            tile(edits, "uncommitted edit", links.edits),
            tile(problems, "problem", links.problems), tile(keptTips, "kept tip", links.kept),
            tile(conflicts.count, "merge conflict", nil),
        ])
        view["undoHref"] = .text(links.undo)
        view["deletedHref"] = .text(links.deleted)
        view["hasConflicts"] = .flag(!conflicts.isEmpty)
        view["conflictsHref"] = .text(links.address("/repository/conflicts"))
        view["conflicts"] = .list(conflicts.map { $0.view(links) })
        view.add(
            list: "filesBehind",
            filesBehind.prefix(50).map { ["path": .text($0)] as View })
        view["lastError"] = .optional(lastError)
        view["webhooksHref"] = .text(links.webhooks)
        view["eventsHref"] = .text(links.address("/api/registry/v1/events"))
        view["upstream"] = .optional(upstream?.view(frame.now, links))
        return view
    }

    private func tile(_ count: Int, _ name: String, _ href: String?) -> View {
        [
            "count": .text(Quantity.grouped(count)), "name": .text(count == 1 ? name : name + "s"),
            "href": .optional(href),
        ]
    }
}

extension Notices {
    fileprivate var writes: String {
        switch readOnly {
        case nil: "taken"
        case .chosen: "not taken"
        case .trouble(let reason): reason
        }
    }
}

extension RepositoryPage.Upstream {
    fileprivate func view(_ now: Moment, _ links: Links) -> View {
        [
            "address": .text(address), "branch": .text(branch),
            "ahead": .optional(ahead.map { Quantity.count($0, "commit") }),
            "behind": .optional(behind.map { Quantity.count($0, "commit") }),
            "lastSync": .optional(lastSync?.view(now: now)),
            "nextTry": .optional(nextTry?.view(now: now)), "error": .optional(error),
            "hasConflicts": .flag(!conflicts.isEmpty),
            "conflicts": .list(conflicts.map { $0.view(links) }),
            "hasProblems": .flag(!problems.isEmpty), "problems": .list(problems.map(\.view)),
        ]
    }
}

extension MergeConflict {
    /// What the partial `conflicts` shows.
    func view(_ links: Links) -> View {
        var view: View = [
            "path": .text(path), "reason": .text(reason),
            "pointer": .text(pointer?.description ?? ""),
            "place": .nonEmpty(String((pointer?.description ?? "").dropFirst())),
            "hasValues": .flag(pointer != nil),
            "base": .optional(base?.summary(limit: 200)),
            "ours": .optional(ours?.summary(limit: 200)),
            "theirs": .optional(theirs?.summary(limit: 200)),
        ]
        if case .document(let key) = FileLayout.key(ofPath: path) {
            view["href"] = .optional(links.document(key))
        }
        return view
    }
}

extension EditsPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let valid = edits.filter(\.isCommittable)
        var view = frame.view(title: "Uncommitted edits", place: .repository, here: "Edits")
        view["count"] = .text(Quantity.grouped(count))
        view["isEmpty"] = .flag(edits.isEmpty)
        view["done"] = .optional(done)
        view["more"] =
            count > edits.count
            ? .text("\(Quantity.grouped(count - edits.count)) more, not listed here") : .absent
        view["commitHref"] = .text(links.base + "/repository/edits/commit")
        view["edits"] = .list(edits.map { $0.view(links) })
        guard valid.count > 1, frame.takesWrites else { return view }
        view["all"] = .view([
            "button": .text("Commit all \(valid.count) that are valid"),
            "files": .list(valid.map { $0.fieldView }),
        ])
        return view
    }
}

extension EditsPage.Edit {
    fileprivate var isCommittable: Bool { problem == nil && commitRefusal == nil }

    fileprivate var fieldView: View {
        ["path": .text(difference.path), "tag": .text(tag)]
    }

    func view(_ links: Links) -> View {
        var view = difference.view(links)
        view["tag"] = .text(tag)
        let query = [(name: "path", value: difference.path)]
        view["discardLink"] = .text(links.address("/repository/edits/discard", query))
        view["problem"] = .optional(problem)
        view["isCommittable"] = .flag(isCommittable)
        view["mayDiscard"] = .flag(discardRefusal == nil)
        view["refusal"] = .optional(commitRefusal ?? discardRefusal)
        view["hasCommitted"] = .flag(difference.kind != .added)
        if difference.kind == .changed, difference.isReadable, !difference.fields.isEmpty {
            view["linesHTML"] = .html(DiffMarkup.html(difference.text(lineLimit: 500)))
        }
        return view
    }
}

extension DiscardPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(
            title: "Discard an edit", place: .repository, by: [("Edits", links.edits)],
            here: "Discard")
        view["edits"] = .list([edit.view(links)])
        view["path"] = .text(edit.difference.path)
        view["tag"] = .text(edit.tag)
        view["folder"] = .text(folder)
        view["refusal"] = .optional(edit.discardRefusal)
        view["discardHref"] = .text(links.base + "/repository/edits/discard")
        view["editsHref"] = .text(links.edits)
        return view
    }
}

extension ProblemsPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Problems", place: .repository, here: "Problems")
        view["count"] = .text(Quantity.grouped(count))
        view["isEmpty"] = .flag(rows.isEmpty)
        view["rows"] = .list(
            rows.map { row in
                var item = row.problem.view
                item["advice"] = .text(row.advice)
                item["lastGood"] = .optional(row.lastGood?.view(in: frame))
                item["tone"] = .text(row.isWarning ? "pending" : "denied")
                item["severity"] = .text(row.isWarning ? "warning" : "error")
                item["href"] = .optional(row.served.flatMap { links.document($0) })
                return item
            })
        view.add(paging) { links.address("/repository/problems", $0) }
        return view
    }
}

extension KeptPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Kept tips", place: .repository, here: "Kept tips")
        view["isEmpty"] = .flag(tips.isEmpty)
        view["done"] = .optional(done)
        view["branchWord"] = .text(shellWord(frame.branch))
        view["deleteHref"] = .text(links.base + "/repository/kept/delete")
        view["tips"] = .list(tips.map { $0.view(frame) })
        return view
    }
}

extension KeptPage.Tip {
    fileprivate func view(_ frame: Frame) -> View {
        let more = missingCount - missing.count
        var view: View = [
            "name": .text(name), "nameWord": .text(shellWord(name)), "tip": .text(commit.id),
            "meaning": .text(meaning(frame.branch)), "hasMissing": .flag(missingCount > 0),
            "missingCount": .text(Quantity.count(missingCount, "commit")),
            "more": more > 0 ? .text("\(Quantity.grouped(more)) more") : .absent,
        ]
        let shown = missingCount > 0 ? missing : [commit]
        view["commits"] = .list(shown.map { $0.view(in: frame) })
        return view
    }

    private func meaning(_ branch: String) -> String {
        if missingCount > 0 {
            return "This was the tip of \(branch) for a moment and does not rest on what had been "
                + "served. \(branch) does not have its commits; they are only here."
        }
        return isMerged
            ? "A commit was amended, rebased or made beside \(branch). It was merged, so that "
                + "nothing that was served is lost; \(branch) has all of it."
            : "\(branch) was reset to this earlier commit. What is served only grows, so \(branch) "
                + "went forward again; it has all of this. To take a change back, revert its commit."
    }
}
