import Glibc
public import Hummingbird
public import HummingbirdCore
public import Logging
import NIOCore
import RegistryStore
public import ServiceLifecycle
import StateStore

/// The server as a service: run it in a `ServiceGroup`, or with `runService()`.
///
/// Stops gracefully: it takes no new connections and answers what it has.
/// `run()` throws ``ServerStartError`` when it cannot listen.
public struct RegistryApplication: ApplicationProtocol {
    public let responder: AppResponder
    public let server: HTTPServerBuilder
    public let configuration: ApplicationConfiguration
    public let logger: Logger
    public let services: [any Service]

    let state: ServerState
    private let onListening: @Sendable (_ port: Int?) -> Void

    init(
        state: ServerState, dialects: [any Dialect], services: [any Service] = [],
        certificate: ServerCertificate? = nil,
        onListening: @escaping @Sendable (_ port: Int?) -> Void = { _ in }
    ) {
        let settings = state.configuration
        let limits = settings.limits
        self.state = state
        self.services = services + [certificate].compactMap(\.self)
        self.onListening = onListening
        responder = AppResponder(state: state, dialects: dialects)
        logger = state.logger
        configuration = ApplicationConfiguration(
            address: .hostname(settings.host, port: settings.port), backlog: 4096)
        if let certificate {
            server = HTTPServerBuilder { responder in
                SecureChannel(certificate, limits: limits, responder: responder)
            }
        } else {
            server = .http1(configuration: .limited(by: limits))
        }
    }

    public func onServerRunning(_ channel: any Channel) async {
        let settings = state.configuration
        let limit = ConnectionLimit(
            settings.limits, trusted: settings.trustedProxies, counts: state.connections,
            logger: logger, on: channel.eventLoop)
        let atOnce = ConnectionLimit.acceptedAtOnce(of: settings.limits)
        try? await channel.setOption(.maxMessagesPerRead, value: atOnce).get()
        try? await channel.pipeline.addHandler(limit, position: .first)
        onListening(channel.localAddress?.port)
    }

    /// Runs until cancelled or gracefully stopped.
    public func run() async throws {
        let application = Application(
            responder: responder, server: server, configuration: configuration,
            services: services, onServerRunning: onServerRunning, logger: logger)
        do {
            try await withGracefulShutdownHandler {
                try await application.run()
            } onGracefulShutdown: {
                state.beginClosing()
            }
        } catch let error as IOError {
            throw ServerStartError(error, host: state.configuration) ?? error
        } catch is SocketAddressError {
            throw ServerStartError.addressUnavailable(
                host: state.configuration.host, port: state.configuration.port)
        }
    }
}

extension RegistryApplication: CustomStringConvertible {
    /// What its service group calls it, which would show all that it holds.
    public var description: String { "RegistryApplication" }
}

/// Builds the server over an open registry.
///
/// - Parameter onListening: called once with the port that it listens on.
/// - Throws: when certificate and key are asked for and cannot be used.
public func makeApplication(
    services: Services, dialects: [any Dialect],
    onListening: @escaping @Sendable (_ port: Int?) -> Void = { _ in }
) throws(TLSProblem) -> RegistryApplication {
    let store = services.store
    var certificate: ServerCertificate?
    if let files = services.configuration.tls {
        certificate = try ServerCertificate(files, logger: services.logger)
    }
    let state = ServerState(
        configuration: services.configuration, logger: services.logger,
        metrics: ServerMetrics(),
        authentication: Authentication(
            services.accounts, services.configuration,
            others: waysIn(services, certificate: certificate)),
        snapshot: { store.index.shared },
        otherSnapshot: { try await store.snapshot(at: $0) })
    let git = dialects.compactMap { $0 as? GitDialect }
    let operations = Operations(state: state) {
        storeMetrics(store.statistics, store.status) + git.flatMap(\.processes.families)
            + (services.webhooks?.families ?? [])
    }
    return RegistryApplication(
        state: state, dialects: [operations] + dialects,
        services: [
            SignalFlushing(signals: services.signals),
            AccountKeeping(accounts: services.accounts, logger: services.logger),
        ], certificate: certificate,
        onListening: onListening)
}

/// How callers say who they are besides passwords and tokens of the server's own.
private func waysIn(_ services: Services, certificate: ServerCertificate?) -> [any WayIn] {
    var ways: [any WayIn] = []
    if let settings = services.configuration.identityProvider {
        let provider = IdentityProvider(settings, logger: services.logger)
        ways.append(IdentityTokenWay(provider: provider, accounts: services.accounts))
    }
    ways += services.waysOfPages
    if let certificate { ways.append(ClientCertificateWay(certificate: certificate)) }
    return ways
}

/// Writes signals to their file while the server runs, and at its end.
private struct SignalFlushing: Service {
    let signals: SignalStore

    func run() async throws {
        await cancelWhenGracefulShutdown { await signals.run() }
    }
}

/// Takes in what commands write about accounts, while the server runs.
private struct AccountKeeping: Service {
    let accounts: AccountStore?
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await accounts?.run { logger.error("\($0)") }
        }
        // A service that ends early would end the server.
        try? await gracefulShutdown()
    }
}

extension ServerStartError {
    fileprivate init?(_ error: IOError, host configuration: ServerConfiguration) {
        let (host, port) = (configuration.host, configuration.port)
        switch error.errnoCode {
        case EADDRINUSE: self = .portInUse(host: host, port: port)
        case EACCES: self = .portForbidden(host: host, port: port)
        case EADDRNOTAVAIL: self = .addressUnavailable(host: host, port: port)
        default: return nil
        }
    }
}
