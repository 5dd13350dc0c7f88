import ArgumentParser
import FoundationEssentials

/// The options that tell a server where and how to serve; `serve` and `demo` have them.
struct ServerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Address to listen on. [127.0.0.1]", valueName: "address"))
    var host: String?

    @Option(help: ArgumentHelp("Port to listen on; 0 takes a free one. [8000]", valueName: "port"))
    var port: String?

    @Option(
        help: ArgumentHelp(
            "The deployment's name in links to Grafana and others. [cos]", valueName: "name"))
    var modelName: String?

    @Option(
        help: ArgumentHelp(
            "Further names that requests may call this server by: names, .example.org for a "
                + "domain, * for any. Requests by other names get 400.",
            valueName: "a,b"))
    var allowedHosts: String?

    @Option(help: ArgumentHelp("The address that clients use, behind a proxy.", valueName: "url"))
    var publicUrl: String?

    @Option(
        help: ArgumentHelp(
            "Addresses or networks whose forwarded headers are believed.", valueName: "a,b"))
    var trustedProxy: String?

    @Option(help: ArgumentHelp("Serve everything below this path.", valueName: "path"))
    var prefix: String?

    @Option(
        help: ArgumentHelp(
            "Certificate and those above it, PEM; with it the server speaks HTTPS, HTTP/2 too. "
                + "Read again when it changes.",
            valueName: "file"), completion: .file())
    var tlsCert: String?

    @Option(
        help: ArgumentHelp("The certificate's private key, PEM.", valueName: "file"),
        completion: .file())
    var tlsKey: String?

    @Option(
        help: ArgumentHelp(
            "Authorities of client certificates, PEM: a client with the certificate of a device is "
                + "that device.", valueName: "file"), completion: .file())
    var tlsClientCa: String?

    @Option(
        help: ArgumentHelp(
            "The OpenID provider whose signed tokens (JWT) say who somebody is.", valueName: "url"))
    var oidcIssuer: String?

    @Option(help: ArgumentHelp("Whom its tokens must be for.", valueName: "text"))
    var oidcAudience: String?

    @Option(
        help: ArgumentHelp(
            "Where its keys are, an address or a file. [what the provider says]", valueName: "jwks")
    )
    var oidcJwks: String?

    @Option(
        help: ArgumentHelp(
            "The claim that names the account. [preferred_username]", valueName: "claim"))
    var oidcAccountClaim: String?

    @Option(
        help: ArgumentHelp(
            "The claim that names roles. [those of the account of that name]", valueName: "claim"))
    var oidcRolesClaim: String?

    @Option(
        help: ArgumentHelp(
            "The repository to keep in step with, where the pull requests live: https, http or ssh, "
                + "or a folder. What registry.json says of it counts where this is absent.",
            valueName: "url"))
    var upstream: String?

    @Flag(help: "Let webhooks go to this machine itself and to addresses of its link.")
    var webhookAllowLocal = false

    @Flag(
        help: ArgumentHelp(
            "Let everybody do everything, from other machines too, as long as nobody has an account."
        ))
    var open = false

    @Flag(help: "Refuse every write.")
    var readOnly = false

    @Flag(help: "Serve commits alone, without the edits in the working tree.")
    var committedOnly = false

    @Option(help: ArgumentHelp("How much is logged, to standard error. [info]", valueName: "level"))
    var logLevel: String?

    @Option(
        help: ArgumentHelp("Settings file, JSON. [muster.json if it is there]", valueName: "file"),
        completion: .file(extensions: ["json"]))
    var config: String?

    /// What was given, by setting.
    var flags: [Setting: String] {
        var flags: [Setting: String] = [:]
        flags[.host] = host
        flags[.port] = port
        flags[.modelName] = modelName
        flags[.allowedHosts] = allowedHosts
        flags[.publicUrl] = publicUrl
        flags[.trustedProxy] = trustedProxy
        flags[.prefix] = prefix
        flags[.tlsCert] = tlsCert
        flags[.tlsKey] = tlsKey
        flags[.tlsClientCa] = tlsClientCa
        flags[.oidcIssuer] = oidcIssuer
        flags[.oidcAudience] = oidcAudience
        flags[.oidcJwks] = oidcJwks
        flags[.oidcAccountClaim] = oidcAccountClaim
        flags[.oidcRolesClaim] = oidcRolesClaim
        flags[.upstream] = upstream
        flags[.logLevel] = logLevel
        if webhookAllowLocal { flags[.webhookAllowLocal] = "true" }
        if open { flags[.open] = "true" }
        if readOnly { flags[.readOnly] = "true" }
        if committedOnly { flags[.committedOnly] = "true" }
        return flags
    }

    /// The settings of these and `more` flags, this process's environment and the settings file.
    func settings(adding more: [Setting: String?] = [:]) throws -> Settings {
        let environment = ProcessInfo.processInfo.environment
        let flags = flags.merging(more.compactMapValues { $0 }) { _, other in other }
        let file = try SettingsFile.read(flag: config, environment: environment)
        return try Settings(flags: flags, environment: environment, file: file)
    }
}
