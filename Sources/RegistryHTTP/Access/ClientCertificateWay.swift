import FoundationEssentials
import HTTPTypes
import Hummingbird
import Registry

/// The certificate that a client shows: that of a device says that it is that device.
///
/// It counts where it is registered for the device, or where the device has none registered and one
/// of the server's authorities has issued it. Who sends `Authorization` is not looked at here.
struct ClientCertificateWay: WayIn {
    let certificate: ServerCertificate

    func caller(
        of request: Request, _ context: AppRequestContext
    ) async throws(AuthenticationError) -> Caller? {
        guard request.headers[.authorization] == nil, let clients = certificate.clients,
            let der = await context.connection.clientCertificate()
        else { return nil }
        guard let facts = await clients.facts(of: der), let device = facts.device,
            !facts.isForOtherUse
        else { throw Self.foreign }
        guard (facts.validFrom...max(facts.validFrom, facts.validUntil)).contains(Date()) else {
            throw AuthenticationError(
                .foreignCertificate, "The client certificate has expired or is not valid yet.")
        }
        switch context.snapshot.standing(ofCertificate: der, for: device) {
        case .registered: break
        case .unregistered where facts.isIssued: break
        case .unregistered, .foreign: throw Self.foreign
        }
        return Caller(
            device: device, scope: AccessScope(rights: [.read, .write], device: device),
            way: .certificate, address: context.remoteAddress)
    }

    /// It does not say which devices there are.
    private static let foreign = AuthenticationError(
        .foreignCertificate, "The client certificate is not that of a registered device.")
}
