extension AddressBlock {
    /// This machine, what only its own link reaches (RFC 6890), also in the forms in which IPv6 carries
    /// addresses of IPv4, and where clouds tell their machines secrets.
    private static let local = [
        "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "255.255.255.255/32",
        "::/96", "64:ff9b::/96", "64:ff9b:1::/48", "2001::/32", "2002::/16", "fe80::/10",
        "fec0::/10",
        "ff00::/8", "fd00:ec2::/32", "100.100.100.200/32", "192.0.0.192/32",
    ].compactMap(AddressBlock.init)

    /// Whether no server outside may have this address, so that nobody but the operator sends
    /// anything there.
    public static func isLocal(_ address: String) -> Bool {
        // A zone behind the address says that it is its link's.
        address.contains("%") || local.contains { $0.contains(address) }
    }
}
