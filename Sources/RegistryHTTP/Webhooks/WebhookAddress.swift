import Registry
import RegistryStore

/// Where messages may go: an `http` or `https` address.
struct WebhookAddress: Hashable, Sendable {
    let text: String
    /// A name, or an address of IPv4 or IPv6, this without brackets.
    let host: String

    /// Reads an address; nil where it is none, has a user in it, or a fragment.
    init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        guard isPlain, text.utf8.count <= 2_000, !text.contains("#"),
            let url = PublicURL(String(text.prefix { $0 != "?" }))
        else { return nil }
        self.text = text
        let host = url.authority.host
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    }

    /// The address of IPv4 or IPv6 to connect to.
    ///
    /// - Parameter allowsLocal: also such as this machine's own.
    /// - Throws: ``WebhookFailure`` where the name is unknown, or any of its addresses is not allowed.
    func resolved(allowsLocal: Bool) async throws -> String {
        let addresses = await HostAddresses.find(host)
        guard let first = addresses.first else {
            throw WebhookFailure(reason: "the name \(host) is unknown")
        }
        guard allowsLocal || !addresses.contains(where: AddressBlock.isLocal) else {
            throw WebhookFailure(
                reason: "\(host) is an address of this machine or of its link only; "
                    + "--webhook-allow-local lets messages go there")
        }
        return first
    }
}

/// Why a message was not taken.
struct WebhookFailure: Error, Hashable, Sendable {
    let reason: String
}
