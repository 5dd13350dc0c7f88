import RegistryHTML

/// The part of a list that one page shows.
struct PageSlice: Hashable {
    static let size = 20

    let paging: Paging
    /// The positions in the whole list.
    let range: Range<Int>

    /// Reads the value of `page`: a number from 1, or `last`; the first page when there is none.
    ///
    /// Nil for what is no number and for a page that `total` elements do not fill; an empty list
    /// has one page.
    init?(_ text: String?, of total: Int) {
        let count = max(1, (total + Self.size - 1) / Self.size)
        let page = text == "last" ? count : Int(text ?? "1")
        guard let page, (1...count).contains(page) else { return nil }
        paging = Paging(page: page, pageCount: count)
        range = (page - 1) * Self.size..<min(page * Self.size, total)
    }
}
