public import JSON

/// A device's certificate request and what came of it; only the public parts.
public struct Certificate: Document, Hashable {
    public enum Status: String, Hashable, Sendable, CaseIterable {
        case pending
        case signed
        case denied
    }

    /// The device, which has the same uid.
    public internal(set) var device: DocumentID
    /// The request as it was sent, PEM with or without text around it.
    public var csr: String
    /// PEM; empty until it is signed.
    public var certificate: String
    public var ca: String
    /// The certificate and those above it, PEM.
    public var chain: String
    public var status: Status
    /// When the first request came.
    public let createdAt: Timestamp
    public var updatedAt: Timestamp

    public var key: DocumentKey { DocumentKey(.certificates, device) }
    public var creationDate: Timestamp? { createdAt }

    /// The device, named by the file itself.
    public var references: [Reference] {
        [Reference(to: DocumentKey(.devices, device), at: JSONPointer())]
    }

    /// A request that nobody has answered.
    init(device: DocumentID, csr: String, createdAt: Timestamp, updatedAt: Timestamp) {
        self.device = device
        self.csr = csr
        (certificate, ca, chain) = ("", "", "")
        status = .pending
        self.createdAt = createdAt
        self.updatedAt = updatedAt
    }

    /// Reads a file; see the schema `certificate.schema.json`.
    ///
    /// - Parameter isChecked: the request in it was found good before.
    init(
        parsing bytes: [UInt8], device: DocumentID, isChecked: Bool = false
    ) throws(InvalidDocument) {
        var reader = try MemberReader(document: bytes)
        self.device = device
        csr = try reader.required("csr", "a string") { $0.storableText }
        do throws(CertificateRequestError) {
            if !isChecked { try CertificateRequest.check(csr) }
        } catch {
            throw reader.invalid("csr", "Invalid CSR format: \(error.reason)")
        }
        certificate = try reader.optional("certificate", "a string") { $0.storableText } ?? ""
        ca = try reader.optional("ca", "a string") { $0.storableText } ?? ""
        chain = try reader.optional("chain", "a string") { $0.storableText } ?? ""
        status = try reader.required("status", "pending, signed or denied") {
            $0.text.flatMap(Status.init)
        }
        createdAt = try reader.required("created_at", "a time of RFC 3339") { $0.timestamp }
        updatedAt = try reader.required("updated_at", "a time of RFC 3339") { $0.timestamp }
        try reader.finish()
    }

    /// Its members, in the order of the file.
    public var value: JSONObject {
        [
            "csr": .text(csr), "certificate": .text(certificate), "ca": .text(ca),
            "chain": .text(chain), "status": .text(status.rawValue),
            "created_at": .text(createdAt.description), "updated_at": .text(updatedAt.description),
        ]
    }

    /// The bytes of its file.
    public func bytes() -> [UInt8] { JSONValue.object(value).canonicalBytes() }
}

extension DocumentKind {
    static let certificate = DocumentKind(
        .certificates,
        members: [
            "csr", "certificate", "ca", "chain", "status", "created_at", "updated_at",
        ],
        readAgain: { bytes, id throws(InvalidDocument) in
            try Certificate(parsing: bytes, device: id, isChecked: true)
        },
        complete: { members, _, stored, now in
            let created = (stored?.creationDate ?? now).description
            return members.completed(
                with: [
                    "created_at": .text(created), "updated_at": .text(now.description),
                ], order: members.names)
        },
        read: { bytes, id throws(InvalidDocument) in
            try Certificate(parsing: bytes, device: id)
        })
}

extension JSONValue {
    var timestamp: Timestamp? { text.flatMap { Timestamp(parsing: $0) } }

    /// Text without U+0000, which neither wire nor files of others can hold.
    var storableText: String? { text.flatMap { $0.utf8.contains(0) ? nil : $0 } }
}
