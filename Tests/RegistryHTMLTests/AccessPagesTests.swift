import Testing

@testable import RegistryHTML

@Suite("Pages of logins, accounts and tokens")
struct AccessPagesTests {
    let renderer: PageRenderer
    init() throws { renderer = try PageRenderer() }

    @Test("the login says nothing of the registry, which its reader may not be allowed to see")
    func bare() {
        let html = renderer.render(Sample.login, in: Sample.bareFrame)
        for text in ["3fa94c01", "of <bdi>main", "aria-label=\"Registry\"", "<footer", "Log out"] {
            #expect(!html.contains(text), "\(text)")
        }
    }

    @Test("password managers are told which field is which")
    func autocomplete() {
        let login = renderer.render(Sample.login, in: Sample.bareFrame)
        #expect(login.contains("autocomplete=\"username\""))
        #expect(login.contains("autocomplete=\"current-password\""))
        let page = PasswordPage(account: "ada", isRequired: true, shortest: 10)
        let change = renderer.render(page, in: Sample.accountFrame)
        #expect(change.components("autocomplete=\"new-password\"").count == 3)
        #expect(change.contains("value=\"ada\" readonly autocomplete=\"username\""))
    }

    @Test("a typed name is kept after a failure, a password never")
    func failure() {
        let html = renderer.render(Sample.login, in: Sample.bareFrame)
        #expect(html.contains("name=\"account\" value=\"ada\"") && html.contains("Try again."))
        #expect(html.contains("type=\"password\" name=\"password\" required"))
    }

    @Test("a token's secret is shown when it is given, and what it allows in any case")
    func tokens() {
        var page = Sample.tokens
        let made = renderer.render(page, in: Sample.accountFrame)
        #expect(made.contains("muster_3fa94c01"))
        page.secret = nil
        let later = renderer.render(page, in: Sample.accountFrame)
        #expect(!later.contains("muster_"))
        #expect(later.contains("the device robot-117 in devices, certificates"))
        #expect(later.components(">expired<").count == 2)
        #expect(later.contains("from <bdi>10.0.0.0/8</bdi>"))
    }

    @Test("administrators can shut out and remove others, and not themselves")
    func own() {
        func page(_ row: AccountListPage.Row) -> String {
            let page = AccountDetailPage(row: row, knownRoles: Sample.knownRoles, sessions: [])
            return renderer.render(page, in: Sample.accountFrame)
        }
        let buttons = ["value=\"remove\"", "value=\"disable\"", "value=\"password\""]
        for button in buttons {
            #expect(!page(Sample.accountRows[0]).contains(button))
            #expect(page(Sample.accountRows[1]).contains(button))
        }
        #expect(!page(Sample.accountRows[2]).contains("value=\"password\""))
        #expect(page(Sample.accountRows[3]).contains("value=\"enable\""))
    }

    @Test(
        "browsers are called as people call them",
        arguments: [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox on Linux"
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) "
                    + "Chrome/137.0.0.0 Safari/537.36", "Chrome on macOS"
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
                    + "Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"
            ),
            ("curl/8.0", "curl/8.0"), ("", "unnamed"), ("Mozilla/5.0 (x)", "Mozilla/5.0 (x)"),
        ])
    func browsers(agent: String, name: String) { #expect(browserName(agent) == name) }

    @Test("every field has a label")
    func labels() {
        let pages = HostilePages(renderer: renderer, text: "x").accessPages
        for page in pages {
            for part in page.html.components("<input ").dropFirst() {
                let tag = part.prefix { $0 != ">" }
                guard !tag.contains("type=\"hidden\""), !tag.contains("id=\"at\"") else { continue }
                let before = page.html.components("<input " + tag).first ?? ""
                let opened = before.components("<label").count
                #expect(opened > before.components("</label>").count, "\(page.name): \(tag)")
            }
        }
    }
}
