import Testing

@testable import RegistryHTML

@Suite("What surrounds a page")
struct LayoutTests {
    let renderer: PageRenderer
    init() throws { renderer = try PageRenderer() }

    @Test("every trouble of the registry is announced, and only then")
    func notices() {
        let calm = renderer.render(Sample.overview, in: Sample.frame)
        #expect(!calm.contains("class=\"notice"))
        let troubled = renderer.render(Sample.troubledOverview, in: Sample.troubledFrame)
        for text in [
            "a flush failed (5)", "on try-new-labels; main is still served",
            "1 document with problems", "2 files edited", "/muster/repository/problems\"",
            "id=\"problems\"", "id=\"uncommitted\"",
        ] { #expect(troubled.contains(text), "\(text)") }
    }

    @Test("a server that was started read-only says so once, and as no trouble")
    func readOnly() throws {
        let pages = HostilePages(renderer: renderer, text: "x", readOnly: .chosen).all
        // Those who log in have seen nothing yet.
        for page in pages where page.html.contains("<nav aria-label=\"Registry\">") {
            let parts = page.html.components("ead-only")
            #expect(parts.count == 2, "\(page.name)")
            #expect(parts.first?.hasSuffix("<p class=\"notice \"><strong>R") == true)
        }
    }

    @Test("the header names who has logged in, with a way out, and no login where nobody is asked")
    func reader() {
        func page(_ reader: Reader) -> String {
            var frame = Sample.troubledFrame
            frame.reader = reader
            frame.at = "v1"
            frame.address = PageAddress(path: "/devices/", query: [.init(name: "q", value: "a b")])
            return renderer.render(Sample.overview, in: frame)
        }
        let account = page(.account("ada"))
        #expect(account.contains("<bdi>ada</bdi>") && account.contains("/muster/logout"))
        #expect(!account.contains("Log in"))
        let then = "/muster/login?then=%2Fdevices%2F%3Fq%3Da%2520b%26at%3Dv1\""
        #expect(page(.anonymous).contains(then))
        #expect(!page(.anybody).contains("Log") && !page(.anybody).contains("/login"))
    }

    @Test("every address of a page lies below the base")
    func base() {
        for page in HostilePages(renderer: renderer, text: "/muster/x").all {
            for attribute in [" href", " src", " action", " formaction"] {
                for part in page.html.components("\(attribute)=\"/").dropFirst() {
                    #expect(part.hasPrefix("muster/"), "\(page.name): \(part.prefix(40))")
                }
            }
        }
    }

    @Test("the overview of an empty registry shows the first steps, of a full one not")
    func firstSteps() {
        let empty = renderer.render(Sample.emptyOverview, in: Sample.frame)
        #expect(empty.contains("curl -X POST http://127.0.0.1:8000/api/v1/devices/"))
        #expect(empty.contains("git clone http://127.0.0.1:8000/registry.git registry-copy\n"))
        let full = renderer.render(Sample.overview, in: Sample.frame)
        #expect(!full.contains("curl"))
        #expect(full.contains("git clone http://127.0.0.1:8000/registry.git"))
        #expect(full.contains("<strong>1,204</strong> <span>Devices</span>"))
    }

    @Test("the footer names the commit, or that there is none")
    func commit() {
        let served = renderer.render(Sample.overview, in: Sample.frame)
        #expect(served.contains(">3fa94c01</code> of <bdi>main</bdi>"))
        let none = renderer.render(Sample.emptyOverview, in: Frame(now: Sample.now))
        #expect(none.contains("No commit yet on <bdi>main</bdi>"))
    }

    @Test("static files are named by their content, and pages refer to them")
    func staticFiles() {
        let html = renderer.render(Sample.overview, in: Sample.troubledFrame)
        #expect(StaticFile.all.count == 3)
        for file in StaticFile.all {
            #expect(file.hash.utf8.count == 16 && !file.bytes.isEmpty)
            #expect(file.name.contains(".\(file.hash)."))
            #expect(html.contains("\"/muster/static/\(file.name)\""))
        }
    }

    @Test("lists of dashboards and rules link to each document and to the rest")
    func lists() {
        let dashboards = renderer.render(Sample.dashboardList, in: Sample.frame)
        #expect(dashboards.contains("13 dashboards"))
        #expect(dashboards.contains("/dashboards/grafana/haproxy\""))
        #expect(dashboards.contains("/dashboards/?kind=grafana\">All 12<"))
        #expect(dashboards.contains("1.1 MB") && dashboards.contains("468 kB"))
        let rules = renderer.render(Sample.ruleList, in: Sample.frame)
        #expect(rules.contains("/rules/prometheus/ros2_battery\""))
        #expect(rules.contains("No rule files yet.") && rules.contains(">template<"))
    }
}
