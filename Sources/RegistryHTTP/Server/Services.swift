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

    public init(
        store: RegistryStore, signals: SignalStore, renderer: PageRenderer,
        configuration: ServerConfiguration, logger: Logger
    ) {
        self.store = store
        self.signals = signals
        self.renderer = renderer
        self.configuration = configuration
        self.logger = logger
    }
}
