import JSON
import Registry

extension ProposalListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Proposals", place: .proposals)
        view["tabs"] = .list(
            Proposal.State.allCases.map { state in
                [
                    "text": .text(
                        "\(state.title) \(Quantity.grouped(counts[state] ?? 0))"),
                    "href": .text(address(state, links)), "current": .flag(state == self.state),
                ]
            })
        view.add(list: "rows", rows.map { $0.view(now: frame.now, links) })
        view["none"] = .text("No proposal is \(state.rawValue).")
        view["branch"] = .text(frame.branch)
        view.add(paging) { links.address("/proposals/", [stateMember(state)] + $0) }
        return view
    }

    private func address(_ state: Proposal.State, _ links: Links) -> String {
        links.address("/proposals/", [stateMember(state)])
    }

    private func stateMember(_ state: Proposal.State) -> (name: String, value: String) {
        (name: "state", value: state == .open ? "" : state.rawValue)
    }
}

extension Proposal.State {
    fileprivate var title: String {
        switch self {
        case .open: "Open"
        case .merged: "Merged"
        case .closed: "Closed"
        }
    }
}

extension ProposalListPage.Row {
    fileprivate func view(now: Moment, _ links: Links) -> View {
        var view = changed.view(now: now)
        view["number"] = .number(number)
        view["title"] = .text(title)
        view["href"] = .text(links.proposal(number))
        view["author"] = .text(author)
        view["approvals"] = .number(approvals)
        view["comments"] = .number(comments)
        return view
    }
}

extension ProposalPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let name = "Proposal \(proposal.number)"
        var view = frame.view(title: "\(name): \(proposal.title)", place: .proposals, here: name)
        view["number"] = .number(proposal.number)
        view["heading"] = .text(proposal.title)
        view["text"] = .nonEmpty(proposal.text)
        view["state"] = .text(proposal.state.rawValue)
        view["author"] = .text(proposal.author.name)
        view["head"] = .text("\(proposal.head)")
        view["short"] = .text(String("\(proposal.head)".prefix(8)))
        view["action"] = .text(links.base + "/proposals/\(proposal.number)")
        view["cloneWord"] = .text(shellWord(cloneURL))
        view["events"] = .list(events.map { $0.view(now: frame.now) })
        view.add(commits: commits, problems: problems, edit: nil, in: frame)
        view.add(list: "warnings", warnings.map(\.view))
        view["commitCount"] = .number(commitCount)
        let preview = links.at("proposal:\(proposal.number)")
        view.add(
            list: "previews",
            [Place.overview, .devices, .dashboards].filter { $0.isOpen(to: frame.rights) }.map {
                ["text": .text($0.title), "href": .text($0.href(preview))]
            })
        addChanges(to: &view, links)
        view.add(touches, links)
        view["baseWord"] = .text("was")
        view["keepWord"] = .text("keep what \(frame.branch) has")
        view["takeWord"] = .text("take what is proposed")
        addJudgement(to: &view, frame)
        return view
    }

    private func addChanges(to view: inout View, _ links: Links) {
        view["fileCount"] = .text(Quantity.count(fileCount, "file"))
        view["differences"] = .list(differences.map { $0.view(links) })
        let more = fileCount - differences.count
        view["moreFiles"] = more > 0 ? .text(Quantity.count(more, "more file")) : .absent
        view["hasNoChange"] = .flag(fileCount == 0 && !isPartial)
        view["isPartial"] = .flag(isPartial)
        view["conflicts"] = .list(conflicts.map(\.view))
        view["hasConflicts"] = .flag(!conflicts.isEmpty)
    }

    private func addJudgement(to view: inout View, _ frame: Frame) {
        let isOpen = proposal.state == .open
        view["isClosed"] = .flag(proposal.state == .closed)
        let mayMerge = isOpen && frame.takesWrites && standing.mergeRefusal == nil
        let mayApprove = isOpen && frame.takesWrites && standing.approveRefusal == nil
        let mayClose = frame.takesWrites && standing.mayClose
        view["isMergeable"] = .flag(mayMerge && conflicts.isEmpty && problems.isEmpty)
        view["takesChoices"] = .flag(mayMerge && !conflicts.isEmpty)
        view["mayApprove"] = .flag(mayApprove)
        view["mayClose"] = .flag(mayClose)
        view["mayComment"] = .flag(frame.takesWrites && standing.mayComment)
        view["takesJudgement"] = .flag(mayMerge || mayApprove || mayClose)
        let refusals = [standing.mergeRefusal, standing.approveRefusal].compactMap(\.self)
        // Where nothing is taken from anybody, the page says that once, at its top.
        view["refusals"] = .list(
            frame.takesWrites ? Set(refusals).sorted().map { ["reason": .text($0)] } : [])
        view["showsJudgement"] = .flag(isOpen && (frame.takesWrites || !proposal.approvals.isEmpty))
        view.add(
            list: "approvals",
            proposal.approvals.map { ["name": .text($0.author.name)] })
        view["mergeCommit"] = .optional(proposal.mergeCommit?.description)
    }
}

extension ProposalPage.Event {
    fileprivate func view(now: Moment) -> View {
        var view = date.view(now: now)
        view["author"] = .text(event.author.name)
        view["verb"] = .text(event.kind.sentence)
        view["text"] = .nonEmpty(event.text)
        view["short"] = .optional(event.head.map { String("\($0)".prefix(8)) })
        view["id"] = .optional(event.head.map { "\($0)" })
        return view
    }
}

extension Proposal.Event.Kind {
    /// What its author did, after the name.
    fileprivate var sentence: String {
        switch self {
        case .opened: "proposed"
        case .updated: "pushed"
        case .commented: "said"
        case .approved: "approved"
        case .merged: "merged"
        case .closed: "closed it"
        case .reopened: "opened it again"
        }
    }
}
