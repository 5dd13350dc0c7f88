import Testing

@testable import RegistryHTML

@Suite("Pages of webhooks")
struct WebhookPageTests {
    @Test("each endpoint and each delivery is shown once")
    func once() throws {
        let renderer = try PageRenderer()
        let frame = Sample.frame
        let rows = ["a", "b"].map { name in
            WebhookListPage.Row(
                id: name, url: "http://\(name).example/", description: "", disabledReason: nil)
        }
        let list = renderer.render(WebhookListPage(rows: rows, collections: ["devices"]), in: frame)
        #expect(list.components(of: "http://a.example/") == 1)
        let deliveries = ["m1", "m2"].map { id in
            WebhookPage.Delivery(
                id: id, type: "ping", created: frame.now, state: "delivered", attempts: 1,
                outcome: "status 204 in 2 ms", nextAttempt: nil)
        }
        let page = renderer.render(
            WebhookPage(
                endpoint: rows[0], collections: ["devices", "certificates"], created: frame.now,
                deliveries: deliveries), in: frame)
        #expect(page.components(of: "<table") == 1)
        #expect(page.components(of: "<code>certificates</code>") == 1)
        // Its list is on the way to it.
        #expect(page.contains("<li><a href=\"/repository/webhooks\">Webhooks</a></li>"))
    }
}

extension String {
    fileprivate func components(of part: String) -> Int { ranges(of: part).count }
}
