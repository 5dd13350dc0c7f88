/// A JSON document as HTML: highlighted, long containers folded, and cut where it grows too long.
struct JSONMarkup {
    private(set) var html = ""
    /// Whether something of the document is not shown.
    private(set) var isCut = false

    /// How much of a container is shown, by its depth: of each top member, of each of its items.
    private static let budgets = [1: 96_000, 2: 8_000]
    private static let totalBudget = 480_000
    private static let lineLimit = 2_000
    private static let shortestFold = 8
    private static let deepestFold = 6

    private let lines: TextLines
    private var spent = 0
    private var isInPre = false
    /// The lines at which the open folds end, outermost first.
    private var folds: [Int] = []
    private var limits: [Limit] = []

    /// A container's share: when `spent` passes `stop`, the text goes on at line `close`.
    private struct Limit {
        var close: Int
        var stop: Int
    }

    /// Renders canonical text (UTF-8).
    ///
    /// - Parameter folding: whether long containers are folded and cut to a share each; without,
    ///   only the whole is cut.
    init(_ bytes: [UInt8], folding: Bool) {
        lines = TextLines(bytes)
        let outline = folding ? JSONOutline(lines) : nil
        var number = 0
        while number < lines.ranges.count {
            if spent > Self.totalBudget {
                cut(from: number, to: lines.ranges.count)
                break
            }
            if let container = outline?.containers[number] {
                open(container, at: number)
            } else {
                show(number)
            }
            close(at: number)
            number = nextLine(after: number)
        }
        while !folds.isEmpty { closeFold() }
        leavePre()
    }

    private mutating func open(_ container: JSONOutline.Container, at number: Int) {
        let span = container.close - number
        if container.depth > 0, span > Self.shortestFold, folds.count < Self.deepestFold {
            leavePre()
            let noun = container.isArray ? "item" : "member"
            html += "<details><summary><code>" + highlighted(number) + "</code> <small>"
            html += Quantity.count(container.childCount, noun) + "</small>"
            if let label = container.label {
                html += "<span class=\"s\">"
                html += lines.html(lines.prefix(of: label, limit: 100)) + "</span>"
            }
            html += "</summary>"
            folds.append(container.close)
        } else {
            show(number)
        }
        if let budget = Self.budgets[container.depth] {
            limits.append(Limit(close: container.close, stop: spent + budget))
        }
    }

    private mutating func close(at number: Int) {
        while folds.last == number { closeFold() }
        while limits.last?.close == number { limits.removeLast() }
    }

    /// The next line to show: the one after, or where the outermost spent container closes.
    private mutating func nextLine(after number: Int) -> Int {
        guard let index = limits.firstIndex(where: { spent > $0.stop }) else { return number + 1 }
        let close = limits[index].close
        limits.removeSubrange((index + 1)...)
        guard close > number + 1 else { return number + 1 }
        while let fold = folds.last, fold < close { closeFold() }
        cut(from: number + 1, to: close)
        return close
    }

    private mutating func cut(from first: Int, to end: Int) {
        isCut = true
        enterPre()
        html += "<span class=\"cut\">… \(Quantity.count(end - first, "more line"))</span>\n"
    }

    private mutating func show(_ number: Int) {
        enterPre()
        html += highlighted(number) + "\n"
    }

    private mutating func enterPre() {
        if !isInPre { html += "<pre>" }
        isInPre = true
    }

    private mutating func leavePre() {
        if isInPre { html += "</pre>" }
        isInPre = false
    }

    private mutating func closeFold() {
        leavePre()
        html += "</details>"
        folds.removeLast()
    }

    private mutating func highlighted(_ number: Int) -> String {
        let whole = lines.ranges[number]
        let range = lines.prefix(of: whole, limit: Self.lineLimit)
        spent += range.count
        guard range.count < whole.count else { return JSONLine(lines, range).html }
        isCut = true
        let rest = Quantity.bytes(whole.count - range.count)
        return JSONLine(lines, range).html + "<span class=\"cut\">… \(rest) more</span>"
    }
}
