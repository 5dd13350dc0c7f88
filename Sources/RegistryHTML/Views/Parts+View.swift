import JSON
import Registry

extension Moment {
    /// The date in every form that templates use.
    func view(now: Moment) -> View {
        [
            "iso": .text(rfc3339), "django": .text(django), "absolute": .text(dayAndMinute),
            "day": .text(day), "relative": .text(relative(to: now)),
        ]
    }
}

extension CommitLine {
    func view(in frame: Frame) -> View {
        var view = date.view(now: frame.now)
        view["href"] = .text(Links(frame).commit(id))
        view["id"] = .text(id)
        view["short"] = .text(String(id.prefix(8)))
        view["subject"] = .text(subject)
        view["author"] = .text(author)
        return view
    }
}

extension Problem {
    var view: View {
        ["path": .text(path), "place": .nonEmpty(place), "reason": .text(reason)]
    }
}

extension UncommittedEdit {
    var view: View {
        [
            "path": .text(path), "shellPath": .text(shellWord(path)), "isNew": .flag(isNew),
            "isRemoval": .flag(isRemoval), "problem": .optional(problem),
            "diffHTML": diff.isEmpty ? .absent : .html(DiffMarkup.html(diff)),
        ]
    }
}

extension View {
    /// Adds what the partials `commits`, `problems` and `edit` show.
    mutating func add(
        commits: [CommitLine], problems: [Problem], edit: UncommittedEdit?, in frame: Frame
    ) {
        self["commits"] = .list(commits.map { $0.view(in: frame) })
        self["hasCommits"] = .flag(!commits.isEmpty)
        self["problems"] = .list(problems.map(\.view))
        self["hasProblems"] = .flag(!problems.isEmpty)
        self["edit"] = .optional(edit?.view)
    }

    /// Adds what the partial `uses` shows.
    mutating func add(_ use: DeviceUse, links: Links) {
        self["deviceCount"] = .text(Quantity.count(use.count, "device"))
        guard use.count > 0 else { return }
        let views = use.first.prefix(100).map {
            ["uid": .text($0), "href": .text(links.device($0))] as View
        }
        let folded = Array(views.dropFirst(30))
        let foldedView: View = [
            "count": .text(Quantity.count(folded.count, "more device")), "uids": .list(folded),
        ]
        let rest = use.count - views.count
        self["devices"] = .view([
            "uids": .list(Array(views.prefix(30))),
            "folded": folded.isEmpty ? .absent : .view(foldedView),
            "more": rest > 0 ? .text("\(Quantity.grouped(rest)) more, not listed here") : .absent,
        ])
    }

    /// Adds what the partial `touches` shows.
    mutating func add(_ touches: Touches, _ links: Links) {
        add(touches.devices, links: links)
        add(
            list: "targets",
            touches.targets.map { target in
                [
                    "device": .text(target.device), "href": .text(links.device(target.device)),
                    "old": .optional(target.old), "new": .optional(target.new),
                ]
            })
        add(
            list: "rules",
            touches.rules.map { key in
                ["uid": .text(key.id.text), "href": .optional(links.document(key))]
            })
    }

    /// Adds what the partial `pager` shows; nothing when a page of the usual size holds all.
    ///
    /// - Parameter address: the list with these further members of the query.
    mutating func add(_ paging: Paging, address: ([(name: String, value: String)]) -> String) {
        guard paging.pageCount > 1 || paging.size > Paging.standardSize else { return }
        func target(page: Int) -> View.Slot {
            .text(
                address([
                    (name: "page", value: String(page)),
                    (name: "per_page", value: paging.sizeText),
                ]))
        }
        let sizes = Paging.sizes.map { size -> View in
            let value = Paging(size: size).sizeText
            return [
                "rows": .number(size),
                "href": size == paging.size
                    ? .absent : .text(address([(name: "per_page", value: value)])),
            ]
        }
        let isFirst = paging.page <= 1
        let isLast = paging.page >= paging.pageCount
        self["pager"] = .view([
            "page": .text(Quantity.grouped(paging.page)),
            "pageCount": .text(Quantity.grouped(paging.pageCount)),
            "first": isFirst ? .absent : target(page: 1),
            "previous": isFirst ? .absent : target(page: paging.page - 1),
            "next": isLast ? .absent : target(page: paging.page + 1),
            "last": isLast ? .absent : target(page: paging.pageCount),
            "sizes": .list(sizes),
        ])
    }

    /// Adds what the partial `search` shows.
    mutating func addSearch(
        _ label: String, query: String, path: String, keeping kept: [(name: String, value: String)],
        links: Links
    ) {
        var hidden = kept.filter { !$0.value.isEmpty }
        if let at = links.at { hidden.append((name: "at", value: at)) }
        self["search"] = .view([
            "label": .text(label), "query": .text(query), "action": .text(links.base + path),
            "hidden": .list(hidden.map { ["name": .text($0.name), "value": .text($0.value)] }),
            "clearHref": query.isEmpty ? .absent : .text(links.address(path, kept)),
        ])
    }
}

extension MergeConflict {
    /// What the partial `choices` shows: the place with both values, and the field that settles it.
    var view: View {
        [
            "path": .text(path), "place": .optional(pointer?.description),
            "reason": .text(reason),
            "base": .text(base?.summary(limit: 300) ?? "absent"),
            "ours": .text(ours?.summary(limit: 300) ?? "absent"),
            "theirs": .text(theirs?.summary(limit: 300) ?? "absent"),
            "hasValues": .flag(ours != nil || theirs != nil),
            "field": .text("take:" + Links.encode(path) + (pointer.map { "#\($0)" } ?? "")),
        ]
    }
}
