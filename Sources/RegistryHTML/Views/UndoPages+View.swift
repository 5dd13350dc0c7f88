import Registry

extension UndoPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: heading, place: .repository, here: "Undo")
        view["heading"] = .text(heading)
        view.add(commits: commits, problems: problems, edit: nil, in: frame)
        view["commitCount"] = .text(Quantity.count(commitCount, "commit"))
        let more = commitCount - commits.count
        view["moreCommits"] = more > 0 ? .text(Quantity.count(more, "more commit")) : .absent
        view["fileCount"] = .text(Quantity.count(fileCount, "file"))
        view["differences"] = .list(differences.map { $0.view(links) })
        let moreFiles = fileCount - differences.count
        view["moreFiles"] =
            moreFiles > 0 ? .text(Quantity.count(moreFiles, "more file")) : .absent
        view["conflicts"] = .list(conflicts.map(\.view))
        view["hasConflicts"] = .flag(!conflicts.isEmpty)
        view["baseWord"] = .text("it made")
        view["keepWord"] = .text("leave it as it is")
        view["takeWord"] = .text("make it as it was")
        view.add(touches, links)
        view["notes"] = .list(notes.map { ["text": .text($0)] })
        let changesNothing = fileCount == 0 && conflicts.isEmpty
        view["onlyChoices"] = .flag(fileCount == 0)
        view["changesNothing"] = .flag(changesNothing)
        view["isPossible"] = .flag(
            !changesNothing && problems.isEmpty && refusal == nil && frame.takesWrites)
        view["refusal"] = .optional(refusal)
        view["showsForm"] = .flag(frame.takesWrites || !needed.isEmpty)
        addForm(to: &view, links)
        return view
    }

    private func addForm(to view: inout View, _ links: Links) {
        view["action"] = .text(links.undo)
        view["fields"] = .list(
            query.map { ["name": .text($0.name), "value": .text($0.value)] })
        view["tag"] = .text(tag)
        view.add(
            list: "needed",
            needed.map { ["key": .text($0.key.description), "reason": .text($0.reason)] })
        view["takesNeeded"] = .flag(takesNeeded)
        let others = query.filter { $0.name != "needed" }
        view["neededHref"] = .text(
            links.address("/repository/undo", others + [(name: "needed", value: "yes")]))
        view["aloneHref"] = .text(links.address("/repository/undo", others))
        view["backHref"] = .text(links.undo)
    }
}

extension UndoQuestionPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Undo", place: .repository, here: "Undo")
        view["action"] = .text(links.undo)
        view["deletedHref"] = .text(links.deleted)
        view.add(
            list: "rows",
            commits.map { commit in
                var row = commit.view(in: frame)
                row["href"] = .text(links.revert(commit.id))
                return row
            })
        return view
    }
}

extension DeletedPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Deleted documents", place: .repository, here: "Deleted")
        view.add(list: "rows", rows.map { $0.view(in: frame, links) })
        let own = [(name: "collection", value: collection?.name ?? "")]
        if let next {
            view["nextHref"] = .text(
                links.address("/repository/deleted", own + [(name: "cursor", value: next)]))
        }
        view["firstHref"] = isFirst ? .absent : .text(links.address("/repository/deleted", own))
        let choices: [Collection?] = [nil] + DocumentKind.all.map(\.collection)
        view["tabs"] = .list(
            choices.map { choice in
                [
                    "text": .text(choice?.title ?? "All"),
                    "href": .text(
                        links.address(
                            "/repository/deleted", [(name: "collection", value: choice?.name ?? "")]
                        )),
                    "current": .flag(choice == collection),
                ]
            })
        return view
    }
}

extension DeletedPage.Row {
    fileprivate func view(in frame: Frame, _ links: Links) -> View {
        var view = commit.view(in: frame)
        view["uid"] = .text(key.id.text)
        view["collection"] = .text(key.collection.title)
        view["restoreHref"] = .text(links.restore(key))
        view["revertHref"] = .text(links.revert(commit.id))
        return view
    }
}

extension Collection {
    /// Its name for people: `Grafana dashboards`.
    fileprivate var title: String {
        let words = name.replacing("_", with: " ").replacing("/", with: ": ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }
}
