import JSON
import Registry
import X509

/// The certificate documents of the demonstration's devices.
struct DemoCertificates {
    private let authority: DemoAuthority
    private var requests: [String: (request: CertificateSigningRequest, moment: Timestamp)] = [:]

    init(from start: Timestamp) throws { authority = try DemoAuthority(validFrom: start) }

    /// The document of the event's device after a request, a signature or a refusal.
    mutating func document(after event: DemoEvent, at moment: Timestamp) throws -> JSONValue {
        guard let device = event.device else { return .null }
        if case .request = event {
            requests[device.uid] = (try DemoAuthority.request(for: device.uid), moment)
        }
        guard let (request, start) = requests[device.uid] else { return .null }
        var (status, certificate, ca) = ("pending", "", "")
        if case .sign = event {
            (status, certificate, ca) = (
                "signed", try authority.sign(request, at: moment), try authority.pem
            )
        } else if case .deny = event {
            status = "denied"
        }
        return [
            "csr": .text(try DemoAuthority.pem(of: request)),
            "certificate": .text(certificate),
            "ca": .text(ca),
            "chain": .text(certificate + ca),
            "status": .text(status),
            "created_at": .text(start.description),
            "updated_at": .text(moment.description),
        ]
    }
}
