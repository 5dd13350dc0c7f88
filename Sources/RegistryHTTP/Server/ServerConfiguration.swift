public import Registry

/// Where the server listens, what it answers to and how much it takes.
public struct ServerConfiguration: Sendable {
    /// The address or name to bind.
    public var host: String
    /// 0 lets the system choose.
    public var port: Int
    /// Host names that requests may name: exact names, `.example.org` for a domain and everything
    /// below it, `*` for any. Local names, the bound host and the public URL's are always among
    /// them.
    public var allowedHosts: [String]
    /// How clients reach the registry; absolute links start with it.
    public var publicURL: PublicURL?
    /// Peers whose `X-Forwarded-*` fields are believed. When there are none, loopback peers are
    /// believed about `X-Forwarded-Proto` alone.
    public var trustedProxies: [AddressBlock]
    /// `/registry`, or empty: the path under which a proxy publishes the server. Requests are
    /// answered with and without it.
    public var pathPrefix: String
    /// Whether everybody may do everything, from other machines too, while nobody has an account.
    public var isOpen: Bool
    /// Writes that would change something are answered with 503.
    public var isReadOnly: Bool
    /// The name that pages and downloads use for this kind of registry (`cos`).
    public var modelName: String
    public var limits: Limits
    /// The files of certificate and key; nil serves without TLS.
    public var tls: TLSFiles?
    /// Whose signed tokens say who somebody is; nil believes none.
    public var identityProvider: IdentityProviderSettings?
    /// Whether clients reach the server by TLS.
    public var isSecure: Bool { tls != nil }

    public init(
        host: String = "127.0.0.1", port: Int = 8000, allowedHosts: [String] = [],
        publicURL: PublicURL? = nil, trustedProxies: [AddressBlock] = [],
        pathPrefix: String = "", isOpen: Bool = false, isReadOnly: Bool = false,
        modelName: String = "cos", tls: TLSFiles? = nil, limits: Limits = Limits()
    ) {
        self.host = host
        self.port = port
        self.allowedHosts = allowedHosts
        self.publicURL = publicURL
        self.trustedProxies = trustedProxies
        self.pathPrefix = PublicURL.normalized(path: pathPrefix)
        self.isOpen = isOpen
        self.isReadOnly = isReadOnly
        self.modelName = modelName
        self.tls = tls
        self.limits = limits
    }

    /// Whether nobody is asked who they are while nobody has an account: on the own machine alone, or
    /// where the server was told so.
    public var asksNobodyWithoutAccounts: Bool {
        isOpen || host == "localhost" || AddressBlock.loopback.contains { $0.contains(host) }
    }

    /// The path prefix, or else the public URL's path.
    public var effectivePrefix: String {
        pathPrefix.isEmpty ? publicURL?.path ?? "" : pathPrefix
    }
}

/// How much one client, and all of them together, may ask of the server.
public struct Limits: Sendable {
    /// The longest request body; longer ones are answered with 413.
    public var bodyBytes = 32 << 20
    /// Bodies of all requests being answered; beyond, 503.
    public var bodiesInFlightBytes = 256 << 20
    /// From the first byte of a request (or the connection's start) to the end of its fields.
    public var headerTimeout: Duration = .seconds(10)
    /// A connection between two requests is closed after this time.
    public var keepAliveTimeout: Duration = .seconds(75)
    /// The slowest body, averaged over the time that the server waited for it, and the slowest
    /// reader.
    public var minimumBodyBytesPerSecond = 1024
    /// How long a body may be slower than that at its start.
    public var bodyGrace: Duration = .seconds(5)
    /// How long a body may pause that is made while it is sent, as git's are.
    public var patience: Duration = .seconds(600)
    /// How long a client may take nothing of an answer, besides the time that the minimum rate
    /// gives it.
    public var responseGrace: Duration = .seconds(60)
    /// How long a client whose connection is being closed may take to notice.
    public var lingerTimeout: Duration = .seconds(2)
    /// Connections at a time; more wait until others leave.
    public var connections = min(16_384, Descriptors.forConnections)
    /// Connections of one address at a time; more are refused.
    public var connectionsOfAddress: Int

    public init() { connectionsOfAddress = connections / 4 * 3 }
}
