import Glibc
import Logging
import Registry
import RegistryHTML
import RegistryHTTP
import RegistryStore
import ServiceLifecycle
import StateStore
import UnixSignals

/// The running server.
enum Server {
    /// Serves until the process is told to stop (SIGTERM, SIGINT), answers what it has, and leaves the
    /// repository complete.
    ///
    /// - Parameter withReference: mounts the handlers that reads are measured against.
    /// - Throws: ``Failure`` with one line when it cannot start.
    static func run(_ settings: Settings, withReference: Bool = false) async throws {
        try requireFolder(settings.registry)
        Descriptors.raiseLimit()
        let configuration = try settings.serverConfiguration
        let logger = settings.logger
        // Templates are compiled while the documents are read.
        async let renderer = PageRenderer()
        let store = try await open(settings, logger)
        warnOfFullFolders(of: store, settings.registry, logger)
        do {
            try await serve(
                store, configuration, logger, settings, renderer: renderer, withReference)
        } catch {
            await store.close()
            throw error
        }
        await store.close()
        logger.notice("Stopped.")
    }

    private static func open(_ settings: Settings, _ logger: Logger) async throws -> RegistryStore {
        let options = StoreOptions(
            repository: settings.registry, stateDirectory: settings.state,
            readOnly: settings.isReadOnly, committedOnly: settings.committedOnly,
            executablePath: absolutePath("/proc/self/exe"))
        do throws(StoreOpeningError) {
            return try await RegistryStore.open(options, logger: logger)
        } catch {
            throw Failure("\(error)")
        }
    }

    /// Folders that make every commit slow are named, with the command that mends it.
    private static func warnOfFullFolders(
        of store: RegistryStore, _ registry: String, _ logger: Logger
    ) {
        for full in store.index.committed.fullFolders {
            logger.warning(
                "A folder holds so many documents that commits get slow: muster reshard \(registry)",
                metadata: ["path": "\(full.folder)", "documents": "\(full.documents)"])
        }
    }

    private static func serve(
        _ store: RegistryStore, _ configuration: ServerConfiguration, _ logger: Logger,
        _ settings: Settings, renderer: PageRenderer, _ withReference: Bool
    ) async throws {
        let registry = settings.registry
        let state = try StateStores(of: store, settings, logger)
        try requireAccounts(state.accounts, configuration, settings, logger)
        store.answer(CratonBootstrapping.word) { request in
            await CratonBootstrapping.answer(request, store, state.credentials)
        }
        let webhookWork = WebhookWork(store, state.webhooks)
        store.answer(WebhookWork.word) { await webhookWork.answer($0) }
        store.answer(ImportWork.word) { request in
            await ImportWork.answer(request, store, state.credentials)
        }
        let upstream = UpstreamSync(
            store: store, address: settings.upstream,
            allowsLocal: settings.allowsLocalWebhooks, logger: logger)
        let services = Services(
            store: store, signals: state.signals, renderer: renderer,
            configuration: configuration, logger: logger, upstream: upstream,
            webhookSecret: settings.webhookSecret,
            webhooks: WebhookSender(
                state.webhooks, store: store, allowsLocal: settings.allowsLocalWebhooks,
                logger: logger),
            answers: state.answers, accounts: state.accounts, pageKeys: PageKeys(state.key.bytes))
        let pages = PagesDialect(services, clonePath: absolutePath(registry))
        var dialects: [any Dialect] = [
            CosDialect(services), CratonDialect(services, credentials: state.credentials),
            NativeDialect(services), GitDialect(services), pages,
        ]
        if withReference { dialects.insert(ReferenceDialect(to: dialects), at: 0) }
        let application = try application(services, dialects) { port in
            let address = address(configuration, port: port)
            store.announce(
                address,
                links: configuration.publicURL?.description
                    ?? address + configuration.effectivePrefix)
            logger.notice("Serving \(registry) on \(address)/; people look at \(address)/overview.")
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: Writing(store: store)),
                    .init(service: Following(upstream: upstream)),
                    .init(service: Telling(webhooks: services.webhooks)),
                    .init(
                        service: application, successTerminationBehavior: .gracefullyShutdownGroup),
                ],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        do {
            try await group.run()
        } catch let error as ServerStartError {
            throw Failure("\(error)")
        }
        state.close()
    }

    /// Refuses to let everybody on the network do everything, unless that is wanted.
    private static func requireAccounts(
        _ accounts: AccountStore, _ configuration: ServerConfiguration, _ settings: Settings,
        _ logger: Logger
    ) throws {
        guard accounts.isEmpty else { return }
        guard configuration.asksNobodyWithoutAccounts else {
            throw Failure(
                """
                nobody has an account yet, and \(configuration.host) can be reached from other \
                machines. Add one: muster account add NAME --role admin --registry \
                \(settings.registry). Or let everybody do everything: --open
                """)
        }
        if configuration.isOpen || configuration.publicURL != nil {
            logger.warning(
                "Nobody has an account: whoever reaches this server may do everything. `muster account add` ends that."
            )
        }
    }

    private static func application(
        _ services: Services, _ dialects: [any Dialect],
        onListening: @escaping @Sendable (_ port: Int?) -> Void
    ) throws -> RegistryApplication {
        do throws(TLSProblem) {
            return try makeApplication(
                services: services, dialects: dialects, onListening: onListening)
        } catch {
            throw Failure("\(error)")
        }
    }

    private static func address(_ configuration: ServerConfiguration, port: Int?) -> String {
        if let publicURL = configuration.publicURL { return "\(publicURL)" }
        let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
        let scheme = configuration.isSecure ? "https" : "http"
        return "\(scheme)://\(host):\(port ?? configuration.port)\(configuration.pathPrefix)"
    }
}

/// The store's work in the background, which ends after the last answer.
private struct Writing: Service {
    let store: RegistryStore

    func run() async { await cancelWhenGracefulShutdown { await store.run() } }
}

/// The work with the upstream repository.
private struct Following: Service {
    let upstream: UpstreamSync

    func run() async { await cancelWhenGracefulShutdown { await upstream.run() } }
}

/// The messages to those who want to know what changes.
private struct Telling: Service {
    let webhooks: WebhookSender?

    func run() async {
        await cancelWhenGracefulShutdown { await webhooks?.run() }
        // A service that ends early would end the server.
        try? await gracefulShutdown()
    }
}

extension Settings {
    /// - Throws: ``Failure`` (usage) when an address makes no sense.
    fileprivate var serverConfiguration: ServerConfiguration {
        get throws {
            let address = try publicURL.map { text in
                guard let url = PublicURL(text) else {
                    throw Failure(
                        usage: "'\(text)' is no address; it is set by \(Setting.publicUrl.places)")
                }
                return url
            }
            let proxies = try trustedProxies.map { text in
                guard let block = AddressBlock(text) else {
                    throw Failure(
                        usage:
                            "'\(text)' is no address or network; it is set by \(Setting.trustedProxy.places)"
                    )
                }
                return block
            }
            var configuration = ServerConfiguration(
                host: host, port: port, allowedHosts: allowedHosts, publicURL: address,
                trustedProxies: proxies, pathPrefix: prefix, isOpen: isOpen,
                isReadOnly: isReadOnly, modelName: modelName, tls: tls)
            configuration.identityProvider = identityProvider
            return configuration
        }
    }

    /// Writes to standard error, where containers and systemd look.
    fileprivate var logger: Logger {
        var logger = Logger(label: "muster") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel
        return logger
    }
}
