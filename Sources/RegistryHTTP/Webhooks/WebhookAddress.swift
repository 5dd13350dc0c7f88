import Glibc
import NIOPosix
import Registry

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

    /// Where no message goes unless that is allowed: this machine, and what only its own link reaches
    /// (RFC 6890), also in the forms in which IPv6 carries addresses of IPv4.
    private static let local = [
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32",
        "::/96", "64:ff9b::/96", "2002::/16", "fe80::/10", "ff00::/8",
    ].compactMap(AddressBlock.init)

    /// The address of IPv4 or IPv6 to connect to.
    ///
    /// - Parameter allowsLocal: also such as this machine's own.
    /// - Throws: ``WebhookFailure`` where the name is unknown, or any of its addresses is not allowed.
    func resolved(allowsLocal: Bool) async throws -> String {
        let host = host
        let addresses = try await NIOThreadPool.singleton.runIfActive { Self.addresses(of: host) }
        guard let first = addresses.first else {
            throw WebhookFailure(reason: "the name \(host) is unknown")
        }
        guard allowsLocal || !addresses.contains(where: Self.isLocal) else {
            throw WebhookFailure(
                reason: "\(host) is an address of this machine or of its link only; "
                    + "--webhook-allow-local lets messages go there")
        }
        return first
    }

    static func isLocal(_ address: String) -> Bool {
        // A zone behind the address says that it is its link's.
        address.contains("%") || local.contains { $0.contains(address) }
    }

    private static func addresses(of host: String) -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, nil, &hints, &list) == 0 else { return [] }
        defer { freeaddrinfo(list) }
        var found: [String] = []
        var next = list
        while let info = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let status = getnameinfo(
                info.ai_addr, info.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            if status == 0 {
                found.append(
                    String(
                        decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
                        as: UTF8.self))
            }
            next = info.ai_next
        }
        return found
    }
}

/// Why a message was not taken.
struct WebhookFailure: Error, Hashable, Sendable {
    let reason: String
}
