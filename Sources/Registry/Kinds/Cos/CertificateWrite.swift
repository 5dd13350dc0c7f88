public import JSON

/// A device's certificate request, as a body of POST brings it.
public struct CertificateSubmission: Sendable {
    private let device: DocumentID
    private let csr: Result<CosField<String>, FieldErrors>

    /// Reads a body; what is wrong with it comes out of ``decide(on:now:)``.
    public init(parsing body: JSONValue, device: DocumentID) {
        self.device = device
        csr = Result { () throws(FieldErrors) in
            let members = try FieldErrors.members(of: body)
            let text = CosField<String>("csr", of: members, .init(isRequired: true))
            return text.flatMap { text in
                do throws(CertificateRequestError) {
                    try CertificateRequest.check(text)
                    return .value(text)
                } catch {
                    return .wrong(["Invalid CSR format: \(error.reason)"])
                }
            }
        }
    }

    /// Decides against a state of the registry: whatever was there, the request is pending.
    public func decide(on snapshot: Snapshot, now: Timestamp) -> Edit<CosOutcome> {
        guard snapshot.device(device) != nil else {
            return .nothing(.notFound(detail: "Device not found"))
        }
        let field: CosField<String>
        switch csr {
        case .success(let read): field = read
        case .failure(let errors): return .nothing(.fieldErrors(errors))
        }
        var errors = FieldErrors()
        errors.add(field.messages, to: "csr")
        guard errors.isEmpty, let csr = field.value else { return .nothing(.fieldErrors(errors)) }
        let old = snapshot.certificate(device)
        let certificate = Certificate(
            device: device, csr: csr, createdAt: old?.createdAt ?? now,
            updatedAt: old.map { $0.later(of: now) } ?? now)
        return Edit(
            [.put(certificate.prepared)], subject: "\(certificate.key): request",
            answer: .done(certificate.key))
    }
}

/// What the signing side says about a certificate request, as a body of PATCH brings it.
public struct CertificateUpdate: Sendable {
    private let device: DocumentID
    private let members: Result<Members, FieldErrors>

    fileprivate struct Members: Sendable {
        /// The word that was given, which need not be a status; nil where none was.
        let status: String?
        let certificate: CosField<String>
        let ca: CosField<String>
        let chain: CosField<String>
    }

    /// Reads a body; what is wrong with it comes out of ``decide(on:now:)``.
    public init(parsing body: JSONValue, device: DocumentID) {
        self.device = device
        members = Result { () throws(FieldErrors) in
            let members = try FieldErrors.members(of: body)
            let rule = CosField<String>.TextRule(
                mayBeBlank: true, isTrimmed: false, takesNumbers: false)
            let given = members["status"] ?? .null
            let status = given.isNull || given.string?.isEmpty == true ? JSONValue?.none : given
            return Members(
                status: status.map { $0.text ?? $0.pythonText + " is no text" },
                certificate: CosField("certificate", of: members, rule),
                ca: CosField("ca", of: members, rule),
                chain: CosField("chain", of: members, rule))
        }
    }

    /// Decides against a state of the registry.
    public func decide(on snapshot: Snapshot, now: Timestamp) -> Edit<CosOutcome> {
        guard snapshot.device(device) != nil else {
            return .nothing(.notFound(detail: "Device uid not found"))
        }
        let key = DocumentKey(.certificates, device)
        guard let stored = snapshot[key], let old = stored.content as? Certificate else {
            return .nothing(.notFound(detail: "Certificate not found"))
        }
        let members: Members
        switch self.members {
        case .success(let read): members = read
        case .failure(let errors): return .nothing(.fieldErrors(errors))
        }
        let errors = members.errors
        guard errors.isEmpty else { return .nothing(.fieldErrors(errors)) }
        if let message = members.statusMessage { return .nothing(.messages([message])) }
        var certificate = old
        certificate.status = members.status.flatMap(Certificate.Status.init) ?? old.status
        certificate.certificate = members.certificate.value ?? old.certificate
        certificate.ca = members.ca.value ?? old.ca
        certificate.chain = members.chain.value ?? old.chain
        guard certificate != old || stored.isLastGood else { return .nothing(.done(key)) }
        certificate.updatedAt = old.later(of: now)
        let verb = certificate.status == old.status ? "change" : certificate.status.verb
        return Edit([.put(certificate.prepared)], subject: "\(key): \(verb)", answer: .done(key))
    }
}

extension CertificateUpdate.Members {
    fileprivate var errors: FieldErrors {
        var errors = FieldErrors()
        errors.add(certificate.messages, to: "certificate")
        errors.add(ca.messages, to: "ca")
        errors.add(chain.messages, to: "chain")
        return errors
    }

    /// The first rule about the status that is broken.
    fileprivate var statusMessage: String? {
        let hasCertificate = certificate.value?.isEmpty == false
        guard let status else {
            return hasCertificate ? "Status must be provided when updating certificate" : nil
        }
        guard let status = Certificate.Status(rawValue: status) else {
            return "Invalid status value"
        }
        return hasCertificate && status == .pending
            ? "Status must be signed or denied when providing certificate" : nil
    }
}

extension Certificate.Status {
    fileprivate var verb: String {
        switch self {
        case .pending: "reopen"
        case .signed: "sign"
        case .denied: "deny"
        }
    }
}

extension Certificate {
    /// `now`, or where the clock went back, just behind the last change.
    fileprivate func later(of now: Timestamp) -> Timestamp {
        max(now, Timestamp(microseconds: updatedAt.microseconds &+ 1))
    }

    /// The same under another uid.
    func moved(to device: DocumentID) -> Certificate {
        var certificate = self
        certificate.device = device
        return certificate
    }

    var prepared: PreparedDocument { PreparedDocument(key, content: self, bytes: bytes()) }
}
