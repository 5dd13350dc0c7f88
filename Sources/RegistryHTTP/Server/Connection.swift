public import Hummingbird
import Logging
import NIOCore

/// The connection that a request came on, as Hummingbird hands it over.
public struct Connection: InitializableFromSource {
    let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }

    /// The address at the other end; nil for a Unix socket, and in tests without a socket.
    var peerAddress: String? { channel.remoteAddress?.ipAddress }

    /// The address at this end; nil likewise.
    var localAddress: String? { channel.localAddress?.ipAddress }
}
