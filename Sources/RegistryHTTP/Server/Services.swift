public import Logging
public import RegistryHTML
public import RegistryStore
public import StateStore

/// Everything that handlers are given.
///
/// A class, because every request hands it on.
public final class Services: Sendable {
    public let store: RegistryStore
    public let signals: SignalStore
    public let renderer: PageRenderer
    public let configuration: ServerConfiguration
    public let logger: Logger
    /// What keeps the registry in step with its upstream.
    public let upstream: UpstreamSync?
    /// What the upstream signs its webhooks with.
    let webhookSecret: String?
    /// What tells others of changes.
    public let webhooks: WebhookSender?
    /// The answers to requests that carry a key of their own.
    public let answers: AnswerStore?
    /// What the pages mark browsers and forms with.
    let pageKeys: PageKeys
    /// Who may come in; without it nobody is asked.
    public let accounts: AccountStore?
    /// The clients that follow events.
    let streams = EventStreams()

    public init(
        store: RegistryStore, signals: SignalStore, renderer: PageRenderer,
        configuration: ServerConfiguration, logger: Logger, upstream: UpstreamSync? = nil,
        webhookSecret: String? = nil, webhooks: WebhookSender? = nil,
        answers: AnswerStore? = nil, accounts: AccountStore? = nil,
        pageKeys: PageKeys = PageKeys(Array(SecretKey.random().utf8))
    ) {
        self.store = store
        self.signals = signals
        self.renderer = renderer
        self.configuration = configuration
        self.logger = logger
        self.upstream = upstream
        self.webhookSecret = webhookSecret
        self.webhooks = webhooks
        self.answers = answers
        self.pageKeys = pageKeys
        self.accounts = accounts
    }
}
