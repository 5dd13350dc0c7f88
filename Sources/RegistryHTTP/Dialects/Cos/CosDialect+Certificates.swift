import Hummingbird
import JSON
import Registry

extension CosDialect {
    /// `GET devices/<uid>/certificate/`, which an agent polls until it is signed.
    func readCertificate(_ call: CosCall) -> Response {
        guard let id = call.document?.id, let certificate = call.snapshot.certificate(id) else {
            return .cosDetail(.notFound, "Device or CSR not found")
        }
        heard(of: id)
        return call.read(call.tag(of: certificate.key, in: call.snapshot)) {
            call.rendering.certificate(certificate).compactBytes()
        }
    }

    /// `POST devices/<uid>/certificate/`: whatever was there, the request is pending.
    func requestCertificate(_ call: CosCall) async throws -> Response {
        guard let id = call.document?.id else {
            return .cosDetail(.notFound, "Device not found")
        }
        let submission = CertificateSubmission(parsing: try await call.body(), device: id)
        let result = try await write(
            call, author: { _ in .device(id) },
            decide: { submission.decide(on: $0, now: .now) })
        if result.outcome.key != nil { heard(of: id) }
        return call.answer(result) { _ in .empty(.accepted) }
    }

    /// `PATCH devices/<uid>/certificate/`: what the signing side decided.
    func changeCertificate(_ call: CosCall) async throws -> Response {
        guard let id = call.document?.id else {
            return .cosDetail(.notFound, "Device uid not found")
        }
        guard call.snapshot.certificate(id) != nil else {
            return .cosDetail(.notFound, "Certificate not found")
        }
        let update = CertificateUpdate(parsing: try await call.body(), device: id)
        let result = try await write(call) { update.decide(on: $0, now: .now) }
        return call.answer(result) { key in
            result.snapshot.certificate(key.id).map {
                let rendering = CosRendering(result.snapshot)
                return .json(.ok, rendering.certificate($0, withUpdate: true).compactBytes())
            }
        }
    }
}
