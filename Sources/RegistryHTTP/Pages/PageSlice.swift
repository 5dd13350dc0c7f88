import RegistryHTML

/// The part of a list that one page shows.
struct PageSlice: Hashable {
    private static let largestSize = 100

    let paging: Paging
    /// The positions in the whole list.
    let range: Range<Int>

    /// Reads `page` of a query, a number from 1 or `last`, and `per_page`, 1 to 100; the first page
    /// of 20 where they are missing.
    ///
    /// Nil for a page that is no number and for one that `total` elements do not fill; an empty
    /// list has one page. A size that makes no sense is the usual one, a larger one is 100.
    init?(_ query: RawQuery, of total: Int) {
        self.init(query.last(of: "page"), per: query.last(of: "per_page"), of: total)
    }

    init?(_ page: String?, per size: String? = nil, of total: Int) {
        let asked = size.flatMap { Int($0) } ?? 0
        let size = asked < 1 ? Paging.standardSize : min(asked, Self.largestSize)
        let count = max(1, (total + size - 1) / size)
        let page = page == "last" ? count : Int(page ?? "1")
        guard let page, (1...count).contains(page) else { return nil }
        paging = Paging(page: page, pageCount: count, size: size)
        range = (page - 1) * size..<min(page * size, total)
    }
}
