internal import SwiftASN1
internal import X509

/// A certificate signing request: PKCS#10 (RFC 2986) in PEM (RFC 7468).
enum CertificateRequest {
    /// Throws unless `text` holds a request, with any text around it.
    ///
    /// Subject, names and signature are not looked at.
    static func check(_ text: String) throws(CertificateRequestError) {
        let der: [UInt8]
        do throws(PEMError) {
            der = try PEM.firstBlock(
                labelled: ["CERTIFICATE REQUEST", "NEW CERTIFICATE REQUEST"], in: text)
        } catch {
            throw CertificateRequestError(error.reason)
        }
        do {
            _ = try Structure(derEncoded: der)
        } catch {
            throw CertificateRequestError("the content is no PKCS#10 request")
        }
    }
}

/// The structure of RFC 2986, section 4, for keys of any kind.
///
/// `X509.CertificateSigningRequest` reads the key too, and refuses kinds that it cannot sign with
/// (RSA with 1,024 bits, RSA-PSS, secp256k1), though nothing here uses the key.
private struct Structure: DERParseable {
    init(derEncoded root: ASN1Node) throws {
        try DER.sequence(root, identifier: .sequence) { nodes in
            try Self.checkInformation(nodes.next().required())
            try Self.checkAlgorithm(nodes.next().required())
            _ = try ASN1BitString(derEncoded: nodes.next().required())
        }
    }

    private static func checkInformation(_ node: ASN1Node) throws {
        try DER.sequence(node, identifier: .sequence) { nodes in
            guard try Int(derEncoded: nodes.next().required()) == 0 else {
                throw ASN1Error.invalidASN1Object(reason: "unknown version")
            }
            _ = try DistinguishedName(derEncoded: nodes.next().required())
            try DER.sequence(nodes.next().required(), identifier: .sequence) { key in
                try checkAlgorithm(key.next().required())
                _ = try ASN1BitString(derEncoded: key.next().required())
            }
            try DER.optionalImplicitlyTagged(&nodes, tagNumber: 0, tagClass: .contextSpecific) {
                guard case .constructed(let attributes) = $0.content else {
                    throw ASN1Error.unexpectedFieldType($0.identifier)
                }
                for attribute in attributes {
                    _ = try CertificateSigningRequest.Attribute(derEncoded: attribute)
                }
            }
        }
    }

    /// An object identifier with parameters of any kind.
    private static func checkAlgorithm(_ node: ASN1Node) throws {
        try DER.sequence(node, identifier: .sequence) { nodes in
            _ = try ASN1ObjectIdentifier(derEncoded: nodes.next().required())
            _ = nodes.next()
        }
    }
}

extension ASN1Node? {
    fileprivate func required() throws -> ASN1Node {
        guard let self else { throw ASN1Error.truncatedASN1Field() }
        return self
    }
}

/// Why text holds no certificate request.
struct CertificateRequestError: Error, Hashable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
