import Registry
import Testing

@testable import RegistryHTTP

@Suite("Sending webhooks")
struct WebhookSenderTests {
    @Test(
        "an address of this machine or of its link is known in every form",
        arguments: [
            "127.0.0.1", "127.8.8.8", "0.0.0.0", "169.254.169.254", "224.0.0.1", "255.255.255.255",
            "::", "::1", "fe80::1", "fe80::1%eth0", "ff02::1", "::ffff:127.0.0.1", "::127.0.0.1",
            "64:ff9b::7f00:1", "2002:7f00:1::", "fd00:ec2::254", "100.100.100.200",
        ])
    func local(address: String) { #expect(AddressBlock.isLocal(address)) }

    @Test(
        "an address of elsewhere is none of these",
        arguments: [
            "10.0.0.1", "192.168.1.1", "192.0.2.1", "fd00::1", "2001:db8::1", "::ffff:10.0.0.1",
        ])
    func elsewhere(address: String) { #expect(!AddressBlock.isLocal(address)) }

    @Test(
        "what is no address of a server is refused",
        arguments: [
            "", "x", "ftp://a/", "http://", "http:///a", "http://u@a/", "http://a/#b",
            "http://a b/", "http://é/",
        ])
    func noAddress(text: String) { #expect(WebhookAddress(text) == nil) }

    @Test("the host is found with and without port, query and brackets")
    func host() {
        #expect(WebhookAddress("https://example.org:8443/a?b=c")?.host == "example.org")
        #expect(WebhookAddress("http://[fd00::1]:80/")?.host == "fd00::1")
        #expect(WebhookAddress("http://example.org?x")?.host == "example.org")
    }

    @Test("the times between attempts grow, and an endpoint may ask for more, up to a day")
    func attempts() {
        func seconds(_ earlier: Int, _ asked: Int?) -> Int64? {
            let next = WebhookSender.nextAttempt(
                after: earlier, askedFor: asked, now: Timestamp(microseconds: 0), random: 0.5)
            return next.map { $0.microseconds / 1_000_000 }
        }
        #expect((0..<11).map { seconds($0, nil) } == WebhookSender.retrySeconds + [nil])
        #expect(seconds(0, 90) == 90 && seconds(3, 90) == 1_800 && seconds(0, .max) == 86_400)
        #expect(seconds(0, -5) == 5)
    }
}
