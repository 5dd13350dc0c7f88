extension DocumentKind {
    /// Every kind that this program knows, one line each.
    public static let all: [DocumentKind] =
        [
            device,
            grafanaDashboard,
            foxgloveDashboard,
            prometheusAlertRuleFile,
            lokiAlertRuleFile,
            certificate,
        ] + craton + variables

    /// The kind whose documents are in `collection`.
    public static func of(_ collection: Collection) -> DocumentKind? {
        all.first { $0.collection == collection }
    }
}
