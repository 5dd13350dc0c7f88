import Crypto
import Glibc
import NIOSSL

/// Where certificate and key are, and the authorities of clients' certificates, all in PEM.
public struct TLSFiles: Hashable, Sendable {
    /// The server's certificate, followed by those above it.
    public let certificate: String
    /// Its private key, not protected by a passphrase.
    public let key: String
    /// The authorities whose certificates clients may show; nil asks for none.
    public let clientAuthorities: String?

    public init(certificate: String, key: String, clientAuthorities: String? = nil) {
        self.certificate = certificate
        self.key = key
        self.clientAuthorities = clientAuthorities
    }

    /// Reads the files for TLS 1.2 and 1.3, with HTTP/2 before HTTP/1.1.
    func context() throws(TLSProblem) -> NIOSSLContext {
        let chain = try Self.certificates(certificate)
        var settings = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(try privateKey()))
        settings.minimumTLSVersion = .tlsv12
        settings.cipherSuiteValues = Self.ciphers
        settings.applicationProtocols = ["h2", "http/1.1"]
        if let file = clientAuthorities {
            // The handler that takes the connection looks at what is shown.
            settings.certificateVerification = .optionalVerification
            settings.trustRoots = .certificates(try Self.certificates(file))
            settings.sendCANameList = true
        }
        do {
            return try NIOSSLContext(configuration: settings)
        } catch {
            // All else was read: BoringSSL compares the two now.
            throw .keyDoesNotFit(key: key, certificate: certificate)
        }
    }

    /// Of TLS 1.2: forward secrecy and authenticated encryption (RFC 9325, section 4.2). Those of
    /// TLS 1.3 all have both.
    private static let ciphers: [NIOTLSCipher] = [
        .TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, .TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        .TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, .TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        .TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        .TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]

    /// What changes when one of the files does, also behind links; nil for one that cannot be read.
    var stamps: [SHA256Digest?] {
        [certificate, key, clientAuthorities].map { path in
            path.flatMap { try? Self.read($0) }.map { SHA256.hash(data: $0) }
        }
    }

    /// Those of one file, of which there is at least one.
    static func certificates(_ path: String) throws(TLSProblem) -> [NIOSSLCertificate] {
        let text = try read(path)
        guard let chain = try? NIOSSLCertificate.fromPEMBytes(text), !chain.isEmpty else {
            throw .noCertificate(file: path)
        }
        return chain
    }

    private func privateKey() throws(TLSProblem) -> NIOSSLPrivateKey {
        let text = try Self.read(key)
        // Both forms of a protected key say so in their first lines.
        guard !String(decoding: text, as: UTF8.self).contains("ENCRYPTED") else {
            throw .passphrase(file: key)
        }
        guard let key = try? NIOSSLPrivateKey(bytes: text, format: .pem) else {
            throw .noKey(file: key)
        }
        return key
    }

    private static func read(_ path: String) throws(TLSProblem) -> [UInt8] {
        guard let file = fopen(path, "re") else {
            throw .unreadable(file: path, reason: String(cString: strerror(errno)))
        }
        defer { fclose(file) }
        // Longer than any chain; a wrong name may be that of anything.
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else {
            throw .unreadable(file: path, reason: String(cString: strerror(errno)))
        }
        return Array(bytes[..<count])
    }
}

/// Why certificate and key cannot be used; each description is one clear line.
public enum TLSProblem: Error, Hashable, Sendable, CustomStringConvertible {
    case unreadable(file: String, reason: String)
    case noCertificate(file: String)
    case noKey(file: String)
    case passphrase(file: String)
    case keyDoesNotFit(key: String, certificate: String)

    public var description: String {
        switch self {
        case .unreadable(let file, let reason):
            "Cannot read \(file): \(reason)."
        case .noCertificate(let file):
            "\(file) holds no certificate in PEM (-----BEGIN CERTIFICATE-----)."
        case .noKey(let file):
            "\(file) holds no private key in PEM (-----BEGIN PRIVATE KEY-----)."
        case .passphrase(let file):
            "The key in \(file) is protected by a passphrase, which the server cannot ask for; "
                + "`openssl pkey -in \(file)` prints it without."
        case .keyDoesNotFit(let key, let certificate):
            "The key in \(key) is not that of the first certificate in \(certificate)."
        }
    }
}
