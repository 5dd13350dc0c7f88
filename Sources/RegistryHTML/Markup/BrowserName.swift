/// What people call a browser that names itself by a `User-Agent` (RFC 9110, section 10.1.5):
/// `Firefox on Linux`; what it says itself where that is none of the usual.
func browserName(_ agent: String) -> String {
    guard agent.utf8.starts(with: "Mozilla/".utf8) else { return agent.isEmpty ? "unnamed" : agent }
    // Each also names those before it, which it wants to be taken for.
    let browsers = [
        ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
        ("Chrome/", "Chrome"), ("CriOS/", "Chrome"), ("Safari/", "Safari"),
    ]
    let systems = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
    ]
    guard let browser = browsers.first(where: { agent.contains($0.0) })?.1 else { return agent }
    guard let system = systems.first(where: { agent.contains($0.0) })?.1 else { return browser }
    return "\(browser) on \(system)"
}
