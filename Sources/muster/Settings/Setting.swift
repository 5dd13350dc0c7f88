/// One setting of the server, as muster.json names it.
enum Setting: String, CaseIterable, Sendable {
    case registry, state, host, port, publicUrl, prefix, trustedProxy, allowedHosts
    case tlsCert, tlsKey, tlsClientCa, oidcIssuer, oidcAudience, oidcJwks, oidcAccountClaim,
        oidcRolesClaim, modelName, secretKey, upstream, webhookSecret, webhookAllowLocal,
        open, readOnly, committedOnly,
        logLevel

    /// Those that no log may show.
    static let secrets: Set<Setting> = [.secretKey, .webhookSecret, .upstream]

    /// `MUSTER_PUBLIC_URL` for `publicUrl`.
    var variable: String { "MUSTER_" + words(joinedBy: "_").uppercased() }

    /// `--public-url` for `publicUrl`.
    var flag: String { "--" + words(joinedBy: "-") }

    /// The three places where it can be set, for messages.
    var places: String { "\(flag), \(variable) or \"\(rawValue)\" in the settings file" }

    private func words(joinedBy separator: String) -> String {
        rawValue.reduce(into: "") { name, character in
            if character.isUppercase { name += separator }
            name += character.lowercased()
        }
    }
}
