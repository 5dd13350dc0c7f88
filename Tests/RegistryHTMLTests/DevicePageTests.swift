import Testing

@testable import RegistryHTML

@Suite("The page of a device")
struct DevicePageTests {
    let renderer: PageRenderer
    init() throws { renderer = try PageRenderer() }

    private static let studio =
        "http://localhost/cos-foxglove-studio/?ds=foxglove-websocket&ds.url=ws%3A%2F%2F10.0.0.9%3A8765"

    private let bare = DevicePage(
        uid: "bare", address: "10.0.0.9", created: Moment(rfc3339: "2026-01-31T12:44:05Z"),
        links: DeviceLinks(
            foxgloveStudio: studio, grafana: "http://localhost/cos-grafana/dashboards/",
            bagFiles: "http://localhost/cos-ros2bag-fileserver/bare/"),
        path: "devices/bare.json", json: Array("{\n  \"uid\": \"bare\"\n}\n".utf8),
        jsonHref: "/api/v1/devices/bare/")

    private func html(_ page: DevicePage) -> String { renderer.render(page, in: Sample.frame) }

    @Test("a bare device shows its name, address, date and tools")
    func essentials() {
        let html = html(bare)
        for text in [
            "<h1>Device bare</h1>", "10.0.0.9", "Jan. 31, 2026, 12:44 p.m.",
            "href=\"http://localhost/cos-grafana/dashboards/\">Grafana<",
            "href=\"http://localhost/cos-ros2bag-fileserver/bare/\">Bag files<",
            "?ds=foxglove-websocket&amp;ds.url=ws%3A%2F%2F10.0.0.9%3A8765\">Foxglove studio<",
        ] { #expect(html.contains(text)) }
        #expect(!html.contains("layoutUrl=") && !html.contains("/cos-grafana/d/"))
        #expect(html.contains("None has been asked for."))
    }

    @Test("a device in use links to all that it uses")
    func links() {
        let html = html(Sample.device)
        for text in [
            ">node-exporter-full<", ">teleop<", "/rules/prometheus/low_memory\"",
            "/rules/loki/high_log_rate\"", "/devices/robot-116\"", "/devices/robot-118\"",
            "d/node-exporter-full/?var-Host=robot-117\"", "state signed",
            "devices/robot-117: register", "device robot-117", "datetime=\"2026-01-31T12:44:05Z\"",
        ] { #expect(html.contains(text), "\(text)") }
        #expect(!html.contains("Uncommitted edit") && !html.contains("Problems"))
    }

    @Test("an edit nobody committed is shown with what it changes")
    func uncommitted() {
        let html = html(Sample.troubledDevice)
        #expect(html.contains("<del>-  &quot;address&quot;: &quot;192.168.0.23&quot;,</del>"))
        #expect(html.contains("<ins>+  &quot;address&quot;: &quot;192.168.0.24&quot;,</ins>"))
        #expect(html.contains("names the dashboard battery-v1, which does not exist"))
    }

    @Test("the command for an edit takes any path as one word")
    func shellPath() {
        var page = bare
        page.uncommittedEdit = UncommittedEdit(path: "devices/a%20b.json")
        #expect(html(page).contains("git restore --staged --worktree -- devices/a%20b.json<"))
        page.uncommittedEdit = UncommittedEdit(path: "devices/it's; rm")
        #expect(html(page).contains("--worktree -- &#39;devices/it&#39;\\&#39;&#39;s; rm&#39;<"))
    }

    @Test("an edit that is not valid is not offered for a commit, and says why")
    func invalidEdit() {
        var page = bare
        page.uncommittedEdit = UncommittedEdit(
            path: "devices/a.json", problem: "line 2: <oops>")
        #expect(html(page).contains("not valid") && html(page).contains("line 2: &lt;oops&gt;"))
        #expect(!html(page).contains("git commit") && html(page).contains("git restore"))
    }

    @Test("the edit that adds a file is undone by removing it")
    func newFile() {
        var page = bare
        page.uncommittedEdit = UncommittedEdit(path: "devices/a.json", isNew: true)
        #expect(html(page).contains(">rm -- devices/a.json<") && !html(page).contains("restore"))
    }

    @Test("a device without a date or a contact says so")
    func unknownDates() {
        var page = bare
        page.created = nil
        #expect(html(page).contains(">unknown<") && html(page).contains(">never<"))
    }

    @Test("an unknown device is named, as text")
    func unknownDevice() {
        let ghost = renderer.render(MessagePage.unknownDevice("ghost"), in: Sample.frame)
        #expect(ghost.contains("device ghost not found"))
        let bold = renderer.render(MessagePage.unknownDevice("<b>bold"), in: Sample.frame)
        #expect(bold.contains("device &lt;b&gt;bold not found") && !bold.contains("<b>bold"))
    }
}
