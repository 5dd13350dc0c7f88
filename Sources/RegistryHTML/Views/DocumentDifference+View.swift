import JSON
import Registry

extension DocumentDifference {
    /// Fields that are shown at once; of a value so many characters.
    private static let shownFields = 100
    private static let valueLimit = 300

    /// What the partial `difference` shows.
    ///
    /// - Parameter showsText: the lines too, where fields are shown.
    func view(_ links: Links, showsText: Bool = false) -> View {
        // Of a whole document its text says more than a table of everything.
        let shown = kind == .changed ? fields.prefix(Self.shownFields) : []
        let more = kind == .changed ? fields.count - shown.count + moreFields : 0
        var view: View = [
            "path": .text(path), "kind": .text(kind.rawValue),
            "fields": .list(shown.map { $0.view(limit: Self.valueLimit) }),
            "hasFields": .flag(!shown.isEmpty),
            "moreFields": more > 0 ? .text(Quantity.count(more, "more field")) : .absent,
        ]
        view["href"] = kind == .removed ? .absent : .optional(key.flatMap { links.document($0) })
        if showsText, !shown.isEmpty {
            view["linesHTML"] = .html(DiffMarkup.html(text(lineLimit: 1_000)))
        }
        if shown.isEmpty {
            view["diffHTML"] = .html(DiffMarkup.html(text(lineLimit: 2_000)))
        }
        return view
    }
}

extension FieldChange {
    fileprivate func view(limit: Int) -> View {
        [
            "name": .text(name.isEmpty ? "the document" : name),
            "old": .optional(old?.summary(limit: limit)),
            "new": .optional(new?.summary(limit: limit)),
            "isMove": .flag(isMove),
        ]
    }
}

extension Links {
    /// The page of a document; nil for those that have none.
    func document(_ key: DocumentKey) -> String? {
        switch key.collection {
        case .devices, .certificates, .deviceVariables: device(key.id.text)
        case .grafanaDashboards: dashboard(.grafana, key.id.text)
        case .foxgloveDashboards: dashboard(.foxglove, key.id.text)
        case .prometheusAlertRules: rule(.prometheus, key.id.text)
        case .lokiAlertRules: rule(.loki, key.id.text)
        default: nil
        }
    }
}
