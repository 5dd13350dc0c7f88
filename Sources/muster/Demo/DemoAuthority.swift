import Crypto
import FoundationEssentials
import Registry
import SwiftASN1
import X509

/// The certificate authority of the demonstration; its key lives as long as this value.
struct DemoAuthority {
    private let key = P256.Signing.PrivateKey()
    private let name: DistinguishedName
    private let certificate: X509.Certificate

    init(validFrom start: Timestamp) throws {
        name = try DistinguishedName {
            OrganizationName("Harbour Robotics (demonstration)")
            CommonName("Harbour device CA")
        }
        certificate = try X509.Certificate(
            version: .v3, serialNumber: X509.Certificate.SerialNumber(),
            publicKey: .init(key.publicKey),
            notValidBefore: start.date,
            notValidAfter: start.date.addingTimeInterval(3600 * 24 * 3650),
            issuer: name, subject: name,
            extensions: X509.Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
            },
            issuerPrivateKey: .init(key))
    }

    var pem: String {
        get throws { try certificate.serializeAsPEM().pemString + "\n" }
    }

    /// A certificate for the key of a request, valid for a year.
    func sign(_ request: CertificateSigningRequest, at moment: Timestamp) throws -> String {
        let issued = try X509.Certificate(
            version: .v3, serialNumber: X509.Certificate.SerialNumber(),
            publicKey: request.publicKey,
            notValidBefore: moment.date,
            notValidAfter: moment.date.addingTimeInterval(3600 * 24 * 365),
            issuer: name, subject: request.subject,
            extensions: X509.Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                KeyUsage(digitalSignature: true)
            },
            issuerPrivateKey: .init(key))
        return try issued.serializeAsPEM().pemString + "\n"
    }

    /// What a device sends: its name, signed with a key that is thrown away here.
    static func request(for uid: String) throws -> CertificateSigningRequest {
        try CertificateSigningRequest(
            version: .v1, subject: DistinguishedName { CommonName(uid) },
            privateKey: .init(P256.Signing.PrivateKey()), attributes: .init())
    }

    static func pem(of request: CertificateSigningRequest) throws -> String {
        try request.serializeAsPEM().pemString + "\n"
    }

    /// A public key in OpenSSH's one-line form (RFC 8709, section 4), of a key that is thrown away.
    static func sshKey(for uid: String) -> String {
        func field(_ bytes: some Swift.Collection<UInt8>) -> [UInt8] {
            withUnsafeBytes(of: UInt32(bytes.count).bigEndian) { Array($0) } + bytes
        }
        let key = Curve25519.Signing.PrivateKey().publicKey.rawRepresentation
        let blob = Data(field("ssh-ed25519".utf8) + field(key)).base64EncodedString()
        return "ssh-ed25519 \(blob) robot@\(uid)"
    }
}

extension Timestamp {
    fileprivate var date: Date { Date(timeIntervalSince1970: Double(microseconds) / 1_000_000) }
}
