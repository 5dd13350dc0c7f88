/// A file that pages refer to, held in the program.
public struct StaticFile: Sendable {
    /// The name in its address, which changes with its content: `site.1a2b3c4d5e6f7081.css`.
    public let name: String
    /// The value of `Content-Type`.
    public let contentType: String
    public let bytes: [UInt8]
    /// A hash of the bytes (FNV-1a, 64 bits) as 16 hex digits, fit for a strong entity tag.
    public let hash: String

    /// Every file, to be served at `<base>/static/<name>` and kept by clients for good.
    public static let all: [StaticFile] = [style, script, icon]

    static let style = StaticFile(
        "site", "css", "text/css; charset=utf-8", PackageResources.site_css)
    static let script = StaticFile(
        "site", "js", "text/javascript; charset=utf-8", PackageResources.site_js)
    static let icon = StaticFile("icon", "svg", "image/svg+xml", PackageResources.icon_svg)

    private init(_ stem: String, _ ending: String, _ contentType: String, _ bytes: [UInt8]) {
        let value = bytes.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { hash, byte in
            (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        let digits = String(value, radix: 16)
        hash = String(repeating: "0", count: 16 - digits.utf8.count) + digits
        name = "\(stem).\(hash).\(ending)"
        self.contentType = contentType
        self.bytes = bytes
    }
}
