import Testing

@testable import RegistryHTML

@Suite("The list of devices")
struct DeviceListPageTests {
    let renderer: PageRenderer
    init() throws { renderer = try PageRenderer() }

    private func html(_ page: DeviceListPage, base: String = "", at: String? = nil) -> String {
        renderer.render(page, in: Frame(base: base, now: Sample.now, at: at))
    }

    private func list(
        _ uids: [String] = ["robot-1", "bare"], query: String = "",
        order: DeviceOrder = .standard, paging: Paging = Paging()
    ) -> DeviceListPage {
        DeviceListPage(
            devices: uids.map { DeviceRow(uid: $0, address: "10.0.0.9", created: Sample.now) },
            total: uids.count, registered: 24, query: query, order: order, paging: paging)
    }

    @Test("an empty registry says so, and counts")
    func empty() {
        let html = html(DeviceListPage(devices: [], total: 0, registered: 0))
        #expect(html.contains("No devices are available."))
        #expect(html.contains("0 devices"))
    }

    @Test("one device is no devices")
    func singular() { #expect(html(list(["robot-1"])).contains("<h1>1 device</h1>")) }

    @Test(
        "a device's name links to its page below the base",
        arguments: [("", "/devices/robot-1\""), ("/muster", "/muster/devices/robot-1\"")])
    func links(base: String, href: String) {
        let html = html(list(), base: base)
        #expect(html.contains("href=\"\(href)"))
        #expect(html.contains(">robot-1<") && html.contains(">bare<"))
        #expect(html.contains("2 devices"))
    }

    @Test(
        "a uid's bytes are percent-encoded in its address",
        arguments: [
            ("a/b", "a%2Fb"), ("é", "%C3%A9"), ("<i>&\"x", "%3Ci%3E%26%22x"), ("a b", "a%20b"),
            ("%41", "%2541"), ("a.b_c-d~e", "a.b_c-d~e"),
        ])
    func encoding(uid: String, encoded: String) {
        #expect(html(list([uid])).contains("/devices/\(encoded)\""))
    }

    @Test("the middle page links both ways, the ends one way, and a single page nowhere")
    func paging() {
        let middle = html(list(paging: Paging(page: 2, pageCount: 3)))
        #expect(middle.contains("?page=1\"") && middle.contains("?page=3\""))
        #expect(middle.contains("Page 2 of 3"))
        let first = html(list(paging: Paging(page: 1, pageCount: 3)))
        #expect(first.contains("?page=2\"") && !first.contains("?page=1\""))
        let last = html(list(paging: Paging(page: 3, pageCount: 3)))
        #expect(last.contains("?page=2\"") && !last.contains("rel=\"next\""))
        #expect(!html(list()).contains("?page="))
    }

    @Test("pages keep the search and the order")
    func keeping() {
        let order = DeviceOrder(column: .address, descending: true)
        let html = html(
            list(query: "a&b", order: order, paging: Paging(page: 1, pageCount: 2)))
        #expect(html.contains("?page=2&amp;q=a%26b&amp;sort=-address\""))
        #expect(html.contains("<input type=\"hidden\" name=\"sort\" value=\"-address\">"))
        #expect(html.contains("value=\"a&amp;b\""))
        #expect(html.contains("2 of 24 devices"))
    }

    @Test("a column's link turns its order around, and the sorted one says how")
    func sorting() {
        let order = DeviceOrder(column: .uid, descending: false)
        let html = html(list(order: order))
        #expect(html.contains("aria-sort=\"ascending\"><a href=\"/devices/?sort=-uid\">Uid"))
        #expect(html.contains("<a href=\"/devices/?sort=address\">Address"))
        #expect(html.contains("<a href=\"/devices/\">Created"))
    }

    @Test(
        "an order's text names it again",
        arguments: DeviceOrder.Column.allCases, [true, false])
    func orderText(column: DeviceOrder.Column, descending: Bool) {
        let order = DeviceOrder(column: column, descending: descending)
        #expect(DeviceOrder(order.text) == order)
    }

    @Test("an unknown order is none", arguments: ["", "-", "name", "--uid", "uid "])
    func unknownOrder(text: String) { #expect(DeviceOrder(text) == nil) }

    @Test("a search without a match says what was searched for")
    func filteredEmpty() {
        let page = DeviceListPage(devices: [], total: 0, registered: 9, query: "<b>")
        #expect(html(page).contains("No device matches <q><bdi>&lt;b&gt;</bdi></q>"))
        #expect(!html(page).contains("No devices are available."))
    }

    @Test("an older state carries its name on")
    func olderState() {
        let html = html(list(paging: Paging(page: 1, pageCount: 2)), at: "v1.0")
        #expect(html.contains("/devices/robot-1?at=v1.0\""))
        #expect(html.contains("?page=2&amp;at=v1.0\""))
        #expect(html.contains("<input type=\"hidden\" name=\"at\" value=\"v1.0\">"))
    }

    @Test("a page of ten thousand rows is made in seconds, not minutes", .timeLimit(.minutes(1)))
    func huge() {
        let html = html(list((0..<10_000).map { "robot-\($0)" }))
        #expect(html.contains(">robot-9999<"))
    }
}
