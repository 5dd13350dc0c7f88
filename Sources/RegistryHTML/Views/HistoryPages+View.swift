import JSON
import Registry

extension Links {
    func history(_ subject: String = "", _ query: [(name: String, value: String)] = []) -> String {
        address("/history/", [(name: "of", value: subject)] + query)
    }

    func commit(_ id: String) -> String { address("/history/" + Self.encode(id)) }

    func blame(_ key: DocumentKey) -> String {
        address("/history/blame", [(name: "of", value: key.description)])
    }

    func compare(from: String, to: String = "") -> String {
        address("/history/compare", [(name: "from", value: from), (name: "to", value: to)])
    }

    var activity: String { address("/history/activity") }
}

extension View {
    /// Adds where all there is about a document's past is found.
    mutating func add(pastOf path: String, _ links: Links) {
        guard case .document(let key) = FileLayout.key(ofPath: path) else { return }
        self["historyHref"] = .text(links.history(key.description))
        self["blameHref"] = .text(links.blame(key))
    }
}

extension HistoryListPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let title = filter.subject.isEmpty ? "History" : "History of \(filter.subject)"
        var view = frame.view(
            title: title, place: .history, here: filter.subject.isEmpty ? nil : filter.subject)
        view["heading"] = .text(title)
        view["of"] = .text(filter.subject)
        view["author"] = .text(filter.author)
        view["since"] = .text(filter.since)
        view["until"] = .text(filter.until)
        view["action"] = .text(links.base + "/history/")
        view["at"] = .optional(frame.at)
        view["isFiltered"] = .flag(filter != Filter() || !isFirst)
        view["clearHref"] = .text(links.history())
        view["compareHref"] = .text(links.compare(from: "yesterday"))
        view["activityHref"] = .text(links.activity)
        if let key {
            view["documentHref"] = .optional(links.document(key))
            view["blameHref"] = .text(links.blame(key))
        }
        view["incomplete"] = .optional(incomplete)
        view["problem"] = .optional(problem)
        view.add(list: "steps", steps.map { $0.view(in: frame) })
        let query = [
            (name: "author", value: filter.author), (name: "since", value: filter.since),
            (name: "until", value: filter.until),
        ]
        view["firstHref"] = isFirst ? .absent : .text(links.history(filter.subject, query))
        view["nextHref"] = .optional(
            next.map { links.history(filter.subject, query + [(name: "after", value: $0)]) })
        return view
    }
}

extension HistoryListPage.Step {
    fileprivate func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = commit.view(in: frame)
        view["differences"] = .list(differences.map { $0.view(links) })
        view["more"] = more > 0 ? .text(Quantity.count(more, "more change")) : .absent
        view["note"] = .optional(note)
        view["restoreHref"] = .optional(restorable.map { links.restore($0, at: commit.id) })
        return view
    }
}

extension CommitPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(
            title: commit.subject, place: .history, here: String(commit.id.prefix(8)))
        view["entry"] = .view(commit.view(in: frame))
        view["subject"] = .text(commit.subject)
        view["body"] = .nonEmpty(body)
        view["committer"] = .text(committer)
        view.add(
            list: "parents",
            parents.map { ["short": .text(String($0.prefix(8))), "href": .text(links.commit($0))] })
        view["fileCount"] = .text(Quantity.count(count, "change"))
        view["differences"] = .list(differences.map { $0.view(links, showsText: true) })
        view["hasNoChange"] = .flag(differences.isEmpty)
        view["isNew"] = .flag(isNew)
        view["revertHref"] = .text(links.revert(commit.id))
        view["stateHref"] = .text(links.at(commit.id).overview)
        view["compareHref"] = .text(links.compare(from: commit.id))
        view["nextHref"] = .optional(
            next.map {
                links.address(
                    "/history/" + Links.encode(commit.id), [(name: "after", value: $0)])
            })
        return view
    }
}

extension BlamePage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let name = key.description
        var view = frame.view(title: "Who set what: \(name)", place: .history, here: name)
        view["of"] = .text(name)
        view["documentHref"] = .optional(links.document(key))
        view["historyHref"] = .text(links.history(name))
        view["isLines"] = .flag(rows.contains { if case .line = $0.part { true } else { false } })
        view["incomplete"] =
            isComplete ? .absent : .text("Not all of its history could be looked at.")
        view["rows"] = .list(
            rows.map { row in
                var item: View =
                    switch row.part {
                    case .field(let pointer, let value):
                        [
                            "name": .text(String(pointer.description.dropFirst())),
                            "value": .text(value.summary(limit: 200)),
                        ]
                    case .line(let number, let text):
                        ["name": .text(String(number)), "value": .text(text)]
                    }
                item["commit"] = .optional(row.commit.map { $0.view(in: frame) })
                return item
            })
        return view
    }
}

extension ComparePage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Compare", place: .history, here: "Compare")
        view["from"] = .text(from)
        view["to"] = .text(to)
        view["action"] = .text(links.base + "/history/compare")
        view.add(list: "sides", sides.map { $0.view(in: frame) })
        view.add(
            list: "counts",
            counts.filter { $0.count > 0 }.map {
                ["count": .text(Quantity.grouped($0.count)), "name": .text($0.name)]
            })
        view["differences"] = .list(differences.map { $0.view(links) })
        view["isSame"] = .flag(differences.isEmpty && problem == nil && !sides.isEmpty)
        view["problem"] = .optional(problem)
        view["choices"] = .list(
            ["yesterday", "7 days ago", "30 days ago"].map {
                ["text": .text("Since \($0)"), "href": .text(links.compare(from: $0))]
            })
        view["swapHref"] = .text(links.compare(from: to, to: from))
        view["nextHref"] = .optional(
            next.map {
                links.address(
                    "/history/compare",
                    [
                        (name: "from", value: from), (name: "to", value: to),
                        (name: "after", value: $0),
                    ])
            })
        return view
    }
}

extension ActivityPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: "Activity", place: .history, here: "Activity")
        view["summary"] = .text(
            "\(Quantity.count(commits, "commit")) by "
                + "\(personCount == 1 ? "1 author" : "\(Quantity.grouped(personCount)) authors") in "
                + Quantity.count(days.count, "day"))
        view["pictureHTML"] = .html(ActivityPicture(days).svg)
        view["incomplete"] =
            isComplete ? .absent : .text("The history is being indexed, so commits may be missing.")
        view.add(
            list: "people",
            people.map { person in
                [
                    "name": .text(person.name), "commits": .text(Quantity.grouped(person.commits)),
                    "href": .text(links.history("", [(name: "author", value: person.email)])),
                ]
            })
        let busy = days.filter { $0.commits > 0 }.suffix(30).reversed()
        view.add(
            list: "days",
            busy.map { day in
                let next = Moment(seconds: day.date.seconds + 86_399)
                return [
                    "day": .text(day.date.day), "commits": .text(Quantity.grouped(day.commits)),
                    "href": .text(
                        links.history(
                            "",
                            [
                                (name: "since", value: day.date.rfc3339),
                                (name: "until", value: next.rfc3339),
                            ])),
                ]
            })
        return view
    }
}
