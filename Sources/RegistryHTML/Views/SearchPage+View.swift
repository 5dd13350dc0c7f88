import Registry

extension SearchPage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        let heading = query.isEmpty ? "Search" : Quantity.count(total, "document")
        var view = frame.view(
            title: query.isEmpty ? "Search" : "\(query) · Search", place: .search)
        view["heading"] = .text(heading + (isComplete ? "" : " at least"))
        view.addSearch(
            "Search everything", query: query, path: "/search/", keeping: [], links: links)
        view["hasQuery"] = .flag(!query.isEmpty)
        view["query"] = .text(query)
        view.add(list: "rows", hits.map { $0.view(links) })
        view["isCut"] = .flag(hits.count < total || !isComplete)
        view["shown"] = .text(Quantity.grouped(hits.count))
        return view
    }
}

extension SearchPage.Hit {
    fileprivate func view(_ links: Links) -> View {
        let isOther = title.map { !$0.utf8.elementsEqual(key.id.text.utf8) } ?? false
        return [
            "uid": .text(key.id.text), "href": .text(links.document(key)),
            "collection": .text(key.collection.name),
            "title": .optional(isOther ? title : nil),
            "matches": .list(
                matches.map {
                    ["place": .text($0.place ?? "uid"), "text": .text($0.text)]
                }),
        ]
    }
}
