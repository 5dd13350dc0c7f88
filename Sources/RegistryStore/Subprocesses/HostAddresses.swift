internal import Glibc

/// The addresses that a name leads to.
public enum HostAddresses {
    /// Asks the system, on a thread of its own: that can take seconds.
    ///
    /// - Parameter host: a name, or an address of IPv4 or IPv6 in any spelling, without brackets.
    /// - Returns: the addresses as text, in the order to try them; empty where the name is unknown.
    public static func find(_ host: String) async -> [String] {
        await BackgroundThread(label: "name-lookup").perform { look(host) }
    }

    private static func look(_ host: String) -> [String] {
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
                let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                found.append(String(decoding: bytes, as: UTF8.self))
            }
            next = info.ai_next
        }
        return found
    }
}
