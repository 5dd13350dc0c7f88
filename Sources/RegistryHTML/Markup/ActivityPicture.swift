/// Commits per day as a picture: a column for each week from Monday to Sunday, darker where more
/// was done.
struct ActivityPicture {
    private let days: [(date: Moment, commits: Int)]

    private static let cell = 11
    private static let step = 14
    private static let top = 18

    init(_ days: [(date: Moment, commits: Int)]) { self.days = days }

    /// An SVG element of numbers and dates alone.
    var svg: String {
        guard let first = days.first else { return "" }
        let offset = Self.weekday(first.date)
        let weeks = (offset + days.count + 6) / 7
        let most = max(1, days.map(\.commits).max() ?? 1)
        let (width, height) = (weeks * Self.step, Self.top + 7 * Self.step)
        var svg =
            "<svg class=\"activity\" viewBox=\"0 0 \(width) \(height)\" width=\"\(width)\" "
            + "height=\"\(height)\" role=\"img\" aria-label=\"Commits per day\">"
        for (place, day) in days.enumerated() {
            let (column, row) = ((offset + place) / 7, (offset + place) % 7)
            let (x, y) = (column * Self.step, Self.top + row * Self.step)
            if day.date.civil.day == 1 {
                svg += "<text x=\"\(x)\" y=\"11\">\(Self.month(day.date))</text>"
            }
            let count = Quantity.count(day.commits, "commit")
            svg +=
                "<rect class=\"a\(Self.level(day.commits, of: most))\" x=\"\(x)\" y=\"\(y)\" "
                + "width=\"\(Self.cell)\" height=\"\(Self.cell)\" rx=\"2\">"
                + "<title>\(day.date.day): \(count)</title></rect>"
        }
        return svg + "</svg>"
    }

    /// 0 for none to 4 for the most; every step is twice the one before.
    private static func level(_ commits: Int, of most: Int) -> Int {
        guard commits > 0 else { return 0 }
        return max(1, 4 - (0..<3).count { commits <= most >> ($0 + 1) })
    }

    /// 0 for Monday.
    private static func weekday(_ day: Moment) -> Int {
        Int(((day.seconds / 86_400 + 3) % 7 + 7) % 7)
    }

    private static func month(_ day: Moment) -> String {
        let names = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        let month = day.civil.month
        return (1...12).contains(month) ? names[month - 1] : ""
    }
}
