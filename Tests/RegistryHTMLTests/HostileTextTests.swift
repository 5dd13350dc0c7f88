import Testing

@testable import RegistryHTML

@Suite("Hostile text in every field")
struct HostileTextTests {
    let renderer: PageRenderer
    init() throws { renderer = try PageRenderer() }

    @Test(
        "no markup in a field becomes markup of the page",
        arguments: [
            "<b>bold</b>", "<script>alert(1)</script>", "\" onmouseover=\"x", "' onmouseover='x",
            "\"\u{301} onmouseover=\"\u{301}x", "<\u{200D}b>", "</pre></details></main><b>", "-->",
            "{{title}} {{{title}}} {{>layout}}", "&lt;b&gt;", "]]>", "</title><b>",
            "a\u{0}b", "\u{202E}gnp.exe", "", " ", "é漢👩‍🔧", "/../..", "javascript:alert(1)",
        ])
    func markup(text: String) throws {
        let troubled = HostilePages(renderer: renderer, text: text, readOnly: .trouble(text))
        for page in HostilePages(renderer: renderer, text: text).all + troubled.all {
            let markup = try Markup(page.html)
            #expect(markup.imbalance == nil, "\(page.name)")
            #expect(markup.elements.isDisjoint(with: ["b", "i", "iframe"]), "\(page.name)")
            #expect(markup.attributes.isSubset(of: Self.attributes), "\(page.name)")
            #expect(!page.html.contains("<script>") && !page.html.contains("bold</b>"))
            #expect(!page.html.unicodeScalars.contains { $0.value == 0 || $0.value == 0x202E })
        }
    }

    @Test("no page has an inline style, an inline script or an address of another host")
    func contentSecurityPolicy() throws {
        for page in HostilePages(renderer: renderer, text: "plain").all {
            #expect(!page.html.contains("style="))
            #expect(!page.html.contains("http://") && !page.html.contains("https://"))
            #expect(page.html.components("<script").count == 2)
        }
    }

    @Test("a dashboard's or a device's address cannot be a script")
    func scriptAddress() {
        let pages = HostilePages(renderer: renderer, text: "javascript:alert(1)")
        for page in pages.all { #expect(!page.html.contains("href=\"javascript:")) }
    }

    @Test("unescaped slots of templates are those that are made as HTML")
    func unescapedSlots() {
        for (name, source) in PageRenderer.sources {
            let text = String(decoding: source, as: UTF8.self)
            #expect(!text.contains("{{&"), "\(name)")
            for part in text.components("{{{").dropFirst() {
                #expect(part.components("}}}").first?.hasSuffix("HTML") == true, "\(name)")
            }
        }
    }

    /// The attributes that templates use.
    private static let attributes: Set<String> = [
        "action", "alt", "aria-current", "aria-expanded", "aria-hidden", "aria-label",
        "aria-labelledby", "aria-sort", "autocapitalize", "autocomplete", "autofocus", "charset",
        "checked", "class", "content",
        "data-label", "datetime", "defer", "download", "for", "formnovalidate", "height", "href",
        "id", "lang", "maxlength", "method", "minlength", "name", "placeholder", "readonly", "rel",
        "required", "role",
        "rows", "scope", "selected", "spellcheck", "src", "tabindex", "title", "type", "value",
        "width",
        // Of pictures that are drawn on the server.
        "rx", "viewBox", "x", "y",
    ]
}
