import JSON
import Testing

@testable import Registry

@Suite("Certificate requests in PEM")
struct CertificateRequestTests {
    @Test(
        "requests of every key type are accepted",
        arguments: [
            SampleRequests.ed25519, SampleRequests.p256, SampleRequests.p384,
            SampleRequests.rsa2048, SampleRequests.newLabel, SampleRequests.withoutSubject,
        ])
    func accepted(pem: String) throws { try CertificateRequest.check(pem) }

    @Test("text around the block and other white space in it are allowed")
    func around() throws {
        try CertificateRequest.check("subject=robot\n\(SampleRequests.p256)\nbag attributes")
        try CertificateRequest.check(
            SampleRequests.p256.split(separator: "\n").joined(separator: "\r\n "))
    }

    @Test(
        "what is no request is refused with the reason",
        arguments: [
            ("invalid CSR content", "there is no PEM block CERTIFICATE REQUEST"),
            ("MIGzMGcCAQAwEjEQ", "there is no PEM block CERTIFICATE REQUEST"),
            (framed("AAAA", "CERTIFICATE"), "there is no PEM block CERTIFICATE REQUEST"),
            (
                String(SampleRequests.p256.dropLast(33)),
                "the line -----END CERTIFICATE REQUEST----- is missing"
            ),
            (framed("!!!!"), "the base64 cannot be decoded"),
            (framed(""), "the base64 cannot be decoded"),
            (framed("AAAAA"), "the base64 cannot be decoded"),
            (framed("AA=A"), "the base64 cannot be decoded"),
            (framed("AAAA"), "the content is no PKCS#10 request"),
            (
                framed("MIICeTCCAWECAQAwEjEQMA4GA1UEAwwHcm9ib3QtMTCCASIw"),
                "the content is no PKCS#10 request"
            ),
        ])
    func refused(pem: String, reason: String) {
        #expect(throws: CertificateRequestError(reason)) { try CertificateRequest.check(pem) }
    }

    static func framed(_ base64: String, _ label: String = "CERTIFICATE REQUEST") -> String {
        "-----BEGIN \(label)-----\n\(base64)\n-----END \(label)-----"
    }

    @Test("any damage to the bytes is survived")
    func damaged() throws {
        var generator = SeededGenerator(seed: 11)
        let bytes = Array(SampleRequests.rsa2048.utf8)
        for _ in 0..<500 {
            var damaged = bytes
            for _ in 0..<3 {
                let place = Int.random(in: 36..<bytes.count - 40, using: &generator)
                damaged[place] = bytes.randomElement(using: &generator) ?? 0x41
            }
            try? CertificateRequest.check(String(decoding: damaged, as: UTF8.self))
        }
    }
}

@Suite("Certificate files")
struct CertificateFileTests {
    static let csr = SampleRequests.ed25519

    static func text(_ changes: KeyValuePairs<JSONString, JSONValue?>) -> [UInt8] {
        var object: JSONObject = [
            "csr": .text(csr), "status": "pending", "created_at": "2026-01-31T12:00:00Z",
            "updated_at": "2026-01-31T12:00:00Z",
        ]
        for (name, value) in changes { object[name] = value }
        return JSONValue.object(object).compactBytes()
    }

    @Test("a file comes back from its own text")
    func roundTrip() throws {
        let bytes = Self.text(["status": "signed", "chain": "C", "ca": "A", "certificate": "B"])
        let certificate = try Certificate(parsing: bytes, device: try id("a"))
        #expect(certificate.status == .signed && certificate.chain == "C")
        #expect(try Certificate(parsing: certificate.bytes(), device: try id("a")) == certificate)
        #expect(certificate.references.map(\.target.description) == ["devices/a"])
    }

    @Test(
        "a broken rule is named with its place",
        arguments: [
            (text(["csr": nil]), ""), (text(["csr": "x"]), "/csr"), (text(["csr": 1]), "/csr"),
            (text(["status": "SIGNED"]), "/status"), (text(["ca": nil, "chain": .null]), "/chain"),
            (text(["created_at": "now"]), "/created_at"), (text(["key": "x"]), "/key"),
            (text(["updated_at": nil]), ""),
            (text(["chain": "-----BEGIN EC PRIVATE KEY-----"]), "/chain"),
        ])
    func broken(bytes: [UInt8], pointer: String) throws {
        let device = try id("a")
        let error = #expect(throws: InvalidDocument.self) {
            try Certificate(parsing: bytes, device: device)
        }
        #expect(error?.pointer?.description == pointer)
    }
}
