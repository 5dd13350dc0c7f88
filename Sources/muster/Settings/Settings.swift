import Configuration
import Logging
import Registry
import RegistryHTTP

/// What the server was told: by flag, else by environment variable, else by the settings file.
struct Settings: Sendable {
    var registry = "."
    var state: String?
    var host = "127.0.0.1"
    var port = 8000
    /// The address that clients use, where a proxy changes it: `https://registry.example.com`.
    var publicURL: String?
    /// The path below which everything is served; empty or `/muster`.
    var prefix = ""
    /// Addresses and networks whose forwarded headers are believed.
    var trustedProxies: [String] = []
    /// Names that requests may call this server by; empty allows every name.
    var allowedHosts: [String] = []
    /// The files of the certificate and of its key; without them the server speaks plain HTTP.
    var tls: TLSFiles?
    /// Whose signed tokens are believed.
    var identityProvider: IdentityProviderSettings?
    var modelName = "cos"
    var secretKey: String?
    /// The repository that this one is kept in step with; else registry.json may name one.
    var upstream: UpstreamAddress?
    /// What the upstream signs its webhooks with.
    var webhookSecret: String?
    /// Whether webhooks may go to this machine itself.
    var allowsLocalWebhooks = false
    /// Whether other machines may do everything while nobody has an account.
    var isOpen = false
    var isReadOnly = false
    /// Serves commits alone, without the edits in the working tree.
    var committedOnly = false
    var logLevel = Logger.Level.info

    /// Reads the settings, each from the first place that has it.
    ///
    /// - Throws: ``Failure`` (usage) naming the setting and its three places when a text makes no sense.
    init(
        flags: [Setting: String], environment: [String: String], file: [Setting: String] = [:]
    ) throws {
        let values = SettingValues(flags: flags, environment: environment, file: file)
        registry = values[.registry] ?? registry
        state = values[.state]
        host = values[.host] ?? host
        port =
            try values.parse(.port, expecting: "a port from 0 to 65535") {
                Int($0).flatMap { (0...65535).contains($0) ? $0 : nil }
            } ?? port
        publicURL = try values.parse(.publicUrl, expecting: "an http or https address") { text in
            let isAddress = ["http://", "https://"].contains { text.hasPrefix($0) && text != $0 }
            return isAddress ? text : nil
        }
        prefix =
            try values.parse(.prefix, expecting: "a path such as /muster", Self.prefix) ?? prefix
        trustedProxies = values.list(.trustedProxy)
        allowedHosts = values.list(.allowedHosts)
        tls = try values.tlsFiles
        identityProvider = try values.identityProvider
        modelName = values[.modelName] ?? modelName
        secretKey = values[.secretKey]
        upstream = try values.parse(
            .upstream, expecting: "an https, http or ssh address or a folder", Self.upstream)
        webhookSecret = values[.webhookSecret]
        allowsLocalWebhooks = try values.bool(.webhookAllowLocal) ?? allowsLocalWebhooks
        isOpen = try values.bool(.open) ?? isOpen
        isReadOnly = try values.bool(.readOnly) ?? isReadOnly
        committedOnly = try values.bool(.committedOnly) ?? committedOnly
        let levels = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
        logLevel =
            try values.parse(.logLevel, expecting: "one of \(levels)") {
                Logger.Level(rawValue: $0.lowercased())
            } ?? logLevel
    }

    /// A name without a colon is that of a folder of this machine.
    private static func upstream(_ text: String) -> UpstreamAddress? {
        // git runs in the registry's folder, and the folder may not be there yet.
        let isFolder = !text.contains(":") && !text.hasPrefix("/")
        return UpstreamAddress(isFolder ? "\(absolutePath("."))/\(text)" : text)
    }

    /// `/muster` of `muster`, `/muster` and `/muster/`; empty of `/`.
    private static func prefix(_ text: String) -> String? {
        let names = text.split(separator: "/")
        let isPlain = text.unicodeScalars.allSatisfy { scalar in
            scalar.isASCII
                && (scalar.properties.isAlphabetic
                    || "0123456789/-._~".unicodeScalars.contains(scalar))
        }
        return isPlain ? names.map { "/\($0)" }.joined() : nil
    }
}

/// The texts of all settings, looked up in flags, environment and file in this order.
private struct SettingValues {
    private let reader: ConfigReader

    init(flags: [Setting: String], environment: [String: String], file: [Setting: String]) {
        // An empty variable counts as unset, as in `MUSTER_STATE= muster serve`.
        let variables = environment.filter { !$0.value.isEmpty }
        reader = ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: Self.values(of: flags)),
            EnvironmentVariablesProvider(
                environmentVariables: variables,
                secretsSpecifier: .specific(Set(Setting.secrets.map(\.variable)))
            ).prefixKeys(with: "muster"),
            InMemoryProvider(name: "file", values: Self.values(of: file)),
        ])
    }

    private static func values(of texts: [Setting: String]) -> [AbsoluteConfigKey: ConfigValue] {
        Dictionary(
            uniqueKeysWithValues: texts.map { setting, text in
                (
                    AbsoluteConfigKey([setting.rawValue], context: [:]),
                    ConfigValue(.string(text), isSecret: Setting.secrets.contains(setting))
                )
            })
    }

    subscript(setting: Setting) -> String? {
        reader.string(
            forKey: ConfigKey([setting.rawValue]), isSecret: Setting.secrets.contains(setting))
    }

    /// Certificate and key, or neither.
    var tlsFiles: TLSFiles? {
        get throws {
            switch (self[.tlsCert], self[.tlsKey]) {
            case (nil, nil):
                if self[.tlsClientCa] != nil { throw Self.alone(.tlsClientCa, without: .tlsCert) }
                return nil
            case (let certificate?, let key?):
                return TLSFiles(
                    certificate: certificate, key: key, clientAuthorities: self[.tlsClientCa])
            case (nil, _?): throw Self.alone(.tlsKey, without: .tlsCert)
            case (_?, nil): throw Self.alone(.tlsCert, without: .tlsKey)
            }
        }
    }

    /// Issuer and audience together, or neither.
    var identityProvider: IdentityProviderSettings? {
        get throws {
            guard let issuer = self[.oidcIssuer] else {
                let others: [Setting] = [
                    .oidcAudience, .oidcJwks, .oidcAccountClaim, .oidcRolesClaim,
                ]
                if let given = others.first(where: { self[$0] != nil }) {
                    throw Self.alone(given, without: .oidcIssuer)
                }
                return nil
            }
            guard let audience = self[.oidcAudience] else {
                throw Self.alone(.oidcIssuer, without: .oidcAudience)
            }
            var provider = IdentityProviderSettings(issuer: issuer, audience: audience)
            provider.keys = self[.oidcJwks]
            provider.accountClaim = self[.oidcAccountClaim] ?? provider.accountClaim
            provider.rolesClaim = self[.oidcRolesClaim]
            let setting: Setting = provider.keys == nil ? .oidcIssuer : .oidcJwks
            _ = try parse(setting, expecting: "an https address") { text in
                let isFile = setting == .oidcJwks && !text.contains("://")
                return isFile || IdentityProviderSettings.isAllowed(text) ? text : nil
            }
            return provider
        }
    }

    private static func alone(_ setting: Setting, without other: Setting) -> Failure {
        Failure(usage: "\(setting.flag) needs \(other.flag) too; it is set by \(other.places)")
    }

    func list(_ setting: Setting) -> [String] {
        (self[setting] ?? "").split(separator: ",").map { String($0).trimmed }.filter {
            !$0.isEmpty
        }
    }

    func bool(_ setting: Setting) throws -> Bool? {
        try parse(setting, expecting: "true or false") { text in
            switch text.lowercased() {
            case "true", "1", "yes", "on": true
            case "false", "0", "no", "off": false
            default: nil
            }
        }
    }

    func parse<Value>(
        _ setting: Setting, expecting expected: String, _ read: (String) -> Value?
    ) throws -> Value? {
        guard let text = self[setting] else { return nil }
        guard let value = read(text) else {
            let shown = Setting.secrets.contains(setting) ? "The text" : "'\(text)'"
            throw Failure(usage: "\(shown) is not \(expected); it is set by \(setting.places)")
        }
        return value
    }
}
