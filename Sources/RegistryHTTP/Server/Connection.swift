public import Hummingbird
import Logging
import NIOCore
import NIOSSL

/// The connection that a request came on, as Hummingbird hands it over.
public struct Connection: InitializableFromSource {
    let channel: any Channel

    public init(source: ApplicationRequestContextSource) {
        channel = source.channel
    }

    /// The address at the other end; nil for a Unix socket, and in tests without a socket.
    var peerAddress: String? { channel.remoteAddress?.ipAddress }

    /// The certificate that the client has shown, in DER; nil without one, and without TLS.
    func clientCertificate() async -> [UInt8]? {
        // A stream of HTTP/2 is a channel of its own, in that of its connection.
        for channel in [channel, channel.parent].compactMap(\.self) {
            if let certificate = try? await channel.nioSSL_peerCertificate().get() {
                return try? certificate.toDERBytes()
            }
        }
        return nil
    }

    /// The address at this end; nil likewise.
    var localAddress: String? { channel.localAddress?.ipAddress }
}
