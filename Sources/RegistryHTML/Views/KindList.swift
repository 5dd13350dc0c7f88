/// What the lists of dashboards and of rule files share: a search, a tab for each kind, and a
/// section for each kind that is shown.
struct KindList {
    /// What the list is of: `rule file`.
    let noun: String
    /// The list's path below the base.
    let path: String
    let place: Place
    let kinds: [Kind]
    /// The kind that is shown, nil for all.
    let shown: Kind?
    let query: String
    let paging: Paging
    let sections: [Section]

    /// A kind: its value in the query, and its title.
    struct Kind: Hashable {
        let value: String
        let title: String
    }

    struct Section {
        let kind: Kind
        let rows: [View]
        /// How many the filter lets through, shown or not.
        let total: Int
    }

    private typealias Member = (name: String, value: String)

    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let heading = Quantity.count(sections.reduce(0) { $0 + $1.total }, noun)
        var view = frame.view(title: heading, place: place)
        view["heading"] = .text(heading)
        view.addSearch(
            "Search \(noun)s", query: query, path: path, keeping: [member(shown)], links: links)
        view["tabs"] = .list(([nil] + kinds).map { tab($0, links) })
        view["sections"] = .list(sections.map { entry($0, links) })
        view.add(paging) { links.address(path, $0 + [member(shown), queryMember]) }
        return view
    }

    private func tab(_ kind: Kind?, _ links: Links) -> View {
        [
            "text": .text(kind?.title ?? "All"), "current": .flag(kind == shown),
            "href": .text(links.address(path, [member(kind), queryMember])),
        ]
    }

    private func entry(_ section: Section, _ links: Links) -> View {
        let isCut = shown == nil && section.rows.count < section.total
        let whole = links.address(path, [member(section.kind), queryMember])
        return [
            "id": .text(section.kind.value), "name": .text(section.kind.title),
            "count": .text(Quantity.grouped(section.total)),
            "rows": section.rows.isEmpty ? .absent : .view(["entries": .list(section.rows)]),
            "none": .text(query.isEmpty ? "No \(noun)s yet." : "None matches."),
            "moreHref": isCut ? .text(whole) : .absent,
        ]
    }

    private func member(_ kind: Kind?) -> Member { (name: "kind", value: kind?.value ?? "") }

    private var queryMember: Member { (name: "q", value: query) }
}
