import Registry
import Testing

@testable import RegistryHTML

@Suite("The bar that says which time it is")
struct TimeBarTests {
    private func page(at name: String?, _ address: PageAddress?) throws -> String {
        var frame = Sample.frame
        frame.at = name
        frame.address = address
        return try PageRenderer().render(MessagePage.unknownDevice("x"), in: frame)
    }

    private let address = PageAddress(
        path: "/devices/", query: [.init(name: "q", value: "a b")])

    @Test("names the time, leads back to now, and keeps what else the address asks")
    func elsewhere() throws {
        let html = try page(at: "yesterday", address)
        #expect(html.contains("<strong>As it was</strong> at <bdi>yesterday</bdi>"))
        #expect(html.contains("href=\"/devices/?q=a%20b\""))
        #expect(html.contains("<input type=\"hidden\" name=\"q\" value=\"a b\">"))
        #expect(!html.contains("See this page at another time"))
        #expect(try page(at: "proposal:7", address).contains("As it would be"))
    }

    @Test("waits at the end of the page while it is now, and is absent where it makes no sense")
    func now() throws {
        let html = try page(at: nil, address)
        #expect(html.contains("See this page at another time") && !html.contains("As it was"))
        #expect(try !page(at: nil, nil).contains("See this page at another time"))
    }

    @Test("is not part of where a form goes: what is changed is what there is now")
    func forms() throws {
        var frame = Sample.frame
        frame.at = "yesterday"
        let edit = EditsPage.Edit(
            difference: DocumentDifference(path: "devices/x.json", old: [], new: Array("{}".utf8)),
            tag: "t", problem: nil)
        let renderer = try PageRenderer()
        let edits = renderer.render(EditsPage(edits: [edit], count: 1), in: frame)
        #expect(edits.contains("action=\"/repository/edits/commit\""))
        let discard = renderer.render(DiscardPage(edit: edit, folder: "f"), in: frame)
        #expect(discard.contains("action=\"/repository/edits/discard\""))
    }
}
