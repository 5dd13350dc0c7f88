extension Snapshot {
    /// Whether a certificate may speak for a device.
    public enum CertificateStanding: Hashable, Sendable {
        /// It is the one that is registered for the device.
        case registered
        /// The device is there and has none that counts: who trusts its issuer decides.
        case unregistered
        /// The device has another one, its request was denied, or there is no such device.
        case foreign
    }

    /// Looks a certificate up.
    ///
    /// - Parameter der: the certificate itself, in DER.
    public func standing(ofCertificate der: [UInt8], for device: DocumentID) -> CertificateStanding
    {
        guard self.device(device) != nil else { return .foreign }
        guard let certificate = certificate(device) else { return .unregistered }
        switch certificate.status {
        case .denied: return .foreign
        case .pending where certificate.certificate.isEmpty && certificate.chain.isEmpty:
            return .unregistered
        case .pending, .signed:
            // The agent takes the chain, whose first is its own.
            let isRegistered = [certificate.certificate, certificate.chain].contains { text in
                (try? PEM.firstBlock(labelled: ["CERTIFICATE"], in: text)) == der
            }
            return isRegistered ? .registered : .foreign
        }
    }
}
