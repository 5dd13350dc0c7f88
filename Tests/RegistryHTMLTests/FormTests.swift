import Testing

@testable import RegistryHTML

@Suite("Forms of the templates")
struct FormTests {
    /// The tags of forms, each with what follows it.
    private static let forms = PageRenderer.sources.flatMap { name, source in
        String(decoding: source, as: UTF8.self).components("<form ").dropFirst().map {
            (name: name, text: $0)
        }
    }

    @Test("each that changes something begins with the code that the server wants to see again")
    func code() {
        let posting = Self.forms.filter { $0.text.prefix { $0 != ">" }.contains("method=\"post\"") }
        #expect(posting.count >= 10)
        for form in posting {
            let content = form.text.drop { $0 != ">" }.dropFirst().drop { $0 == "\n" }
            #expect(content.hasPrefix("{{>form_code}}"), "\(form.name)")
        }
    }

    @Test("none that asks something has the code, which would stand in addresses")
    func noCode() {
        let asking = Self.forms.filter { !$0.text.contains("method=\"post\"") }
        #expect(!asking.isEmpty)
        for form in asking {
            let content = form.text.components("</form>").first ?? ""
            #expect(!content.contains("form_code"), "\(form.name)")
            #expect(form.text.contains("method=\"get\""), "\(form.name)")
        }
    }

    @Test("who may change nothing is led to nothing that does, and to no page that is shut")
    func rights() throws {
        let none = ReaderRights(
            readsAll: false, readsDevices: true, readsDashboards: false, readsRules: false,
            writes: false, administers: false)
        let renderer = try PageRenderer()
        func pages(_ rights: ReaderRights) -> [String: String] {
            let all = HostilePages(renderer: renderer, text: "x", base: "", rights: rights).all
            return Dictionary(all.map { ($0.name, $0.html) }) { $1 }
        }
        let (every, few) = (pages(.all), pages(none))
        for (page, link) in [
            ("repository", "/repository/undo"), ("repository", "/repository/webhooks"),
            ("repository", "/repository/conflicts"), ("kept", "name=\"tip\""),
            ("commit", "/repository/undo?"), ("deleted", "/repository/undo?"),
            ("device", "/repository/edits"), ("device", "/history/x"),
            ("device", "/proposals/"), ("device", "/search/"),
        ] {
            #expect(every[page]?.contains(link) == true, "\(page): \(link) for all")
            #expect(few[page]?.contains(link) == false, "\(page): \(link)")
        }
        #expect(few["rule"]?.contains("<a href=\"/devices/") == true)
    }

    @Test(
        "where nothing is written they are left out, with all that leads to them",
        arguments: [ReadOnly.chosen, .trouble("x")])
    func readOnly(reason: ReadOnly) throws {
        let renderer = try PageRenderer()
        // What is not in the registry.
        let others = ["/login", "/logout", "/account/", "/accounts/"]
        func writing(_ readOnly: ReadOnly?) -> [String] {
            let pages = HostilePages(renderer: renderer, text: "x", base: "", readOnly: readOnly)
            return pages.all.flatMap { page in
                page.html.components("<form ").dropFirst().compactMap { form in
                    let tag = form.prefix { $0 != ">" }
                    let isOther = others.contains { tag.contains("action=\"\($0)") }
                    return tag.contains("method=\"post\"") && !isOther
                        ? "\(page.name): \(tag)" : nil
                }
            }
        }
        #expect(writing(nil).count >= 10)
        #expect(writing(reason) == [])
        let pages = HostilePages(renderer: renderer, text: "x", base: "", readOnly: reason).all
        for page in pages where !page.name.hasPrefix("undo") {
            let words = ["/repository/undo", "/repository/edits/discard", "refs/for/"]
            for word in words { #expect(!page.html.contains(word), "\(page.name): \(word)") }
        }
    }

    @Test("the author is asked for only where nobody logs in")
    func author() throws {
        let renderer = try PageRenderer()
        for (reader, asks) in [
            (Reader.anybody, true), (.anonymous, false), (.account("ada"), false),
        ] {
            let pages = HostilePages(renderer: renderer, text: "x", reader: reader)
            let forms = pages.all.filter { $0.html.contains("name=\"message\"") }
            #expect(!forms.isEmpty)
            for page in forms {
                #expect(page.html.contains("name=\"name\"") == asks, "\(page.name)")
            }
        }
    }
}
