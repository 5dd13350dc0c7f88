import Foundation
import RegistryHTML
import Testing

/// Debian's browser, run without a window.
private struct Browser {
    static let path = "/usr/bin/chromium"
    static var isPresent: Bool { FileManager.default.isExecutableFile(atPath: path) }

    /// The document of a file after its scripts ran, as HTML.
    static func document(of file: URL) throws -> String {
        let profile = file.deletingLastPathComponent().appending(path: "profile")
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = [
            "--headless", "--no-sandbox", "--disable-gpu", "--allow-file-access-from-files",
            "--user-data-dir=\(profile.path)", "--virtual-time-budget=20000", "--dump-dom",
            file.absoluteString,
        ]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Pages and static files in a folder of their own, which is the base of all addresses.
private final class Site {
    let folder: URL
    let renderer: PageRenderer
    var frame: Frame { Frame(base: folder.path, now: Sample.now) }

    init() throws {
        renderer = try PageRenderer()
        folder = FileManager.default.temporaryDirectory
            .appending(path: "muster-pages-\(UInt64.random(in: 0 ... .max))")
        let files = folder.appending(path: "static")
        try FileManager.default.createDirectory(at: files, withIntermediateDirectories: true)
        for file in StaticFile.all {
            try Data(file.bytes).write(to: files.appending(path: file.name))
        }
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ html: String, _ name: String) throws -> URL {
        let file = folder.appending(path: name + ".html")
        try Data(html.utf8).write(to: file)
        return file
    }
}

@Suite(
    "Pages in a browser", .serialized,
    .enabled(if: Browser.isPresent, "\(Browser.path) is absent"))
struct BrowserTests {
    private let site: Site
    init() throws { site = try Site() }

    @Test("styles and script load, and a dashboard's folds can all be opened at once")
    func dashboard() throws {
        let items = (0..<20).map { "    \($0)" }.joined(separator: ",\n")
        let json = Array("{\n  \"panels\": [\n\(items)\n  ]\n}\n".utf8)
        let html = site.renderer.render(Sample.dashboard(json: json), in: site.frame)
        let document = try Browser.document(of: try site.write(html, "dashboard"))
        #expect(document.contains("<title>Dashboard node-exporter-full · Muster</title>"))
        #expect(document.contains(">Unfold all</button>"))
    }

    @Test("no text in any field becomes an element or runs")
    func hostile() throws {
        let text = "<img src=x onerror=\"document.title='ran'\">\"\u{301} autofocus onfocus=\"x"
        let isSafe = """
            !page.querySelector("[src=x], [onfocus]") && page.title.endsWith("· Muster")
            """
        let names = try write(text)
        #expect(try passing(names, isSafe) == names)
    }

    @Test("no page is wider than a phone of 360 pixels, whatever its text and its folds")
    func phone() throws {
        let fits = "page.documentElement.scrollWidth <= 360 && page.styleSheets.length === 1"
        var names = try write(String(repeating: "unbreakable", count: 25))
        _ = try site.write(site.renderer.render(Sample.deviceList, in: site.frame), "list")
        names.append("list")
        #expect(try passing(names, fits) == names)
    }

    /// Writes every page with one text in every field, and returns their names.
    private func write(_ text: String) throws -> [String] {
        let pages = HostilePages(renderer: site.renderer, text: text, base: site.folder.path)
        return try pages.all.map { name, html in
            let name = name.components(" ").joined(separator: "-")
            _ = try site.write(html, name)
            return name
        }
    }

    /// The pages for which a script's condition holds, each opened in a frame of 360 pixels with
    /// all its folds open.
    private func passing(_ names: [String], _ condition: String) throws -> [String] {
        let html = """
            <!doctype html><pre id="result"></pre><script>
            (async () => {
              for (const name of \(names)) {
                const frame = document.createElement("iframe");
                frame.width = 360; frame.height = 800; frame.src = name + ".html";
                document.body.append(frame);
                await new Promise((loaded) => { frame.onload = loaded; });
                const page = frame.contentDocument;
                for (const fold of page.querySelectorAll("details")) fold.open = true;
                if (\(condition)) result.textContent += "[" + name + "]";
                frame.remove();
              }
            })();
            </script>
            """
        let document = try Browser.document(of: try site.write(html, "frames"))
        return names.filter { document.contains("[\($0)]") }
    }
}
