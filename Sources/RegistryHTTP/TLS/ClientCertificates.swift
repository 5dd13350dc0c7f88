import Crypto
import FoundationEssentials
import NIOSSL
import Registry
import SwiftASN1
import Synchronization
import X509

/// The certificates that clients show, and which of them an authority of the server's has issued.
///
/// Connections take any whose key their client has; a request is judged by what the registry says of
/// the certificate at its time.
final class ClientCertificates: Sendable {
    /// What is known of one certificate.
    struct Facts: Sendable {
        /// Its common name, where that could be a device's.
        let device: DocumentID?
        let validFrom: Date
        let validUntil: Date
        /// Whether its uses leave out that of a client (RFC 5280, section 4.2.1.12).
        let isForOtherUse: Bool
        /// Whether it leads to one of the authorities.
        var isIssued = false

        /// nil where it cannot be read.
        init?(_ der: [UInt8]) {
            guard let read = try? X509.Certificate(derEncoded: der) else { return nil }
            device = read.commonName.flatMap { DocumentID($0) }
            validFrom = read.notValidBefore
            validUntil = read.notValidAfter
            isForOtherUse = !read.isForClients
        }
    }

    /// Certificates are remembered up to this many; then it is begun anew.
    private static let limit = 10_000

    private let authorities: [X509.Certificate]
    /// By their SHA-256.
    private let known = Mutex<[SHA256Digest: Facts]>([:])

    init(authorities: [X509.Certificate]) { self.authorities = authorities }

    /// Takes what a client has shown in its handshake, its own certificate first.
    func note(_ chain: [[UInt8]]) async {
        guard let own = chain.first, var facts = Facts(own) else { return }
        facts.isIssued = await isIssued(chain)
        let (name, new) = (SHA256.hash(data: own), facts)
        known.withLock { known in
            // Whoever shows it without what is above it takes nothing from it; the key is not proven yet.
            if known[name]?.isIssued == true { return }
            if known.count >= Self.limit { known.removeAll() }
            known[name] = new
        }
    }

    /// What is known of the certificate of a connection; nil where it cannot be read.
    ///
    /// A session that is taken up again shows its certificate alone, so what was found is remembered.
    func facts(of der: [UInt8]) async -> Facts? {
        let name = SHA256.hash(data: der)
        if let facts = known.withLock({ $0[name] }) { return facts }
        await note([der])
        return known.withLock { $0[name] }
    }

    private func isIssued(_ chain: [[UInt8]]) async -> Bool {
        let certificates = chain.compactMap { try? X509.Certificate(derEncoded: $0) }
        guard let leaf = certificates.first else { return false }
        var verifier = Verifier(rootCertificates: CertificateStore(authorities)) {
            RFC5280Policy()
        }
        let result = await verifier.validate(
            leaf: leaf, intermediates: CertificateStore(certificates.dropFirst()))
        guard case .validCertificate = result else { return false }
        return true
    }
}

extension TLSFiles {
    /// Whom the authorities have issued certificates to; nil where clients are asked for none.
    func clientCertificates() throws(TLSProblem) -> ClientCertificates? {
        guard let file = clientAuthorities else { return nil }
        var authorities: [X509.Certificate] = []
        for certificate in try Self.certificates(file) {
            guard let der = try? certificate.toDERBytes(),
                let authority = try? X509.Certificate(derEncoded: der)
            else { throw .noCertificate(file: file) }
            authorities.append(authority)
        }
        return ClientCertificates(authorities: authorities)
    }
}

extension X509.Certificate {
    /// The last common name of the subject.
    fileprivate var commonName: String? {
        let names = subject.flatMap { $0 }.filter { $0.type == .RDNAttributeType.commonName }
        return names.last.flatMap { String($0.value) }
    }

    fileprivate var isForClients: Bool {
        guard let uses = try? extensions.extendedKeyUsage else {
            return extensions[oid: .X509ExtensionID.extendedKeyUsage] == nil
        }
        return uses.contains(.clientAuth) || uses.contains(.any)
    }
}
