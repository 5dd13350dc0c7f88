import JSON
import Testing

@testable import Registry

func id(_ text: String) throws -> DocumentID { try #require(DocumentID(text)) }

/// Text as the bytes of a file.
func file(_ text: String) -> [UInt8] { Array(text.utf8) }

func json(_ text: String) throws -> JSONValue { try JSONValue(parsing: text, options: .api) }

extension Timestamp {
    static let sample = Timestamp(microseconds: 1_769_860_800_123_456)

    func later(bySeconds seconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + seconds * 1_000_000)
    }
}

/// A registry in memory, written as a store would.
struct MemoryRegistry {
    var snapshot = Snapshot()
    /// The subjects of all edits that changed something.
    private(set) var subjects: [String] = []

    init() {}

    /// Applies an edit, one file after the other.
    @discardableResult
    mutating func apply(_ edit: Edit<CosOutcome>) -> CosOutcome {
        let files = snapshot.fileChanges(for: edit.changes)
        if !files.isEmpty { subjects.append(edit.subject) }
        for (path, document) in files {
            if let document {
                // As a clone would read it.
                snapshot.put(path: path, bytes: document.bytes, blob: nil)
            } else {
                snapshot.remove(path: path)
            }
        }
        return edit.answer
    }

    @discardableResult
    mutating func device(
        _ mode: CosMode = .create, _ body: String, now: Timestamp = .sample
    ) throws -> CosOutcome {
        apply(DeviceWrite(parsing: try json(body), mode: mode).decide(on: snapshot, now: now))
    }

    @discardableResult
    mutating func dashboard(
        _ mode: CosMode = .create, _ body: String, _ model: CosModel = .grafanaDashboard
    ) throws -> CosOutcome {
        let write = DashboardWrite(parsing: try json(body), model: model, mode: mode)
        return apply(write.decide(on: snapshot))
    }

    @discardableResult
    mutating func rules(
        _ mode: CosMode = .create, _ body: JSONValue, _ model: CosModel = .prometheusAlertRuleFile
    ) -> CosOutcome {
        apply(RuleFileWrite(parsing: body, model: model, mode: mode).decide(on: snapshot))
    }

    @discardableResult
    mutating func remove(_ model: CosModel, _ id: DocumentID) -> CosOutcome {
        apply(CosRemoval(model, id).decide(on: snapshot))
    }

    func rendered(_ id: DocumentID) throws -> String {
        let device = try #require(snapshot[DocumentKey(.devices, id)])
        return String(decoding: CosRendering(snapshot).device(device), as: UTF8.self)
    }
}

enum SampleRequests {
    static let ed25519 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIGzMGcCAQAwEjEQMA4GA1UEAwwHcm9ib3QtMTAqMAUGAytlcAMhAHN6uocHmQlt
        jPx5Ou6M6O/1sis89vXizjCtqdl/0Q5woCIwIAYJKoZIhvcNAQkOMRMwETAPBgNV
        HREECDAGhwQKAAABMAUGAytlcANBABKzMjcjYXysaJfzzhl1mnF9/wMk808SNEXh
        g+hKnTEQP+8scmKIw2HAPz5rNcA2/8TMnZhYV5e8v5fAtcbiow4=
        -----END CERTIFICATE REQUEST-----
        """
    static let p256 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIHuMIGWAgEAMBIxEDAOBgNVBAMMB3JvYm90LTEwWTATBgcqhkjOPQIBBggqhkjO
        PQMBBwNCAAQQMe6yEKwgTDm/sYeXP9KgBlu+6DEO/c1Hvw7mAaQxPYjviZ5T5JwQ
        Cgl61SvMCSuGNJ6Ad2q8tNrJall9wGb4oCIwIAYJKoZIhvcNAQkOMRMwETAPBgNV
        HREECDAGhwQKAAABMAoGCCqGSM49BAMCA0cAMEQCIE0mepHsYpKGmbwqPBJ19K5i
        xU7BreEyxmrLu5yUFYhiAiBHrSAmssad1GRF5+e3bAScPaJvIuKtaBETLBRQ6oAK
        4Q==
        -----END CERTIFICATE REQUEST-----
        """
    static let p384 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIIBLDCBswIBADASMRAwDgYDVQQDDAdyb2JvdC0xMHYwEAYHKoZIzj0CAQYFK4EE
        ACIDYgAEUZN4MrDwIRcpi/Aj922fuPg1HffEJ987XnmxJqSkiYonU/OMeOt6Duu3
        ETeIqST4VocRMHiAz/qLgQQ68ndnUVVMzfu5YNz0aEOeTYDAx6AQ8gXgVlOlz+ik
        szbZ3Q4eoCIwIAYJKoZIhvcNAQkOMRMwETAPBgNVHREECDAGhwQKAAABMAoGCCqG
        SM49BAMCA2gAMGUCMQCew5AHYi1Ln/b04AfNkIvyJosqfHKmoh37fMeBUeIWOiZ5
        GBc8Lpljdb4Hl9fZ5fcCMBqfLBCbvrz1zUC8t8z0kg1t9LqBYyllxsQqVMlm9t3f
        ay8wXuAP5jYS+J2xvuC0TA==
        -----END CERTIFICATE REQUEST-----
        """
    static let rsa2048 = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIICeTCCAWECAQAwEjEQMA4GA1UEAwwHcm9ib3QtMTCCASIwDQYJKoZIhvcNAQEB
        BQADggEPADCCAQoCggEBAKF7Ivv3l1Fnn7Hxl1IElfkgxnIRfKFICgwjnWoqMnq8
        jrCrg31vc5fzQICFNFZXkHJzs7r0+Z3oZql86x1Dnp3KxM8dAvpDbVtyAehdKW6E
        dbHm/+wOSFKreDiZvfAyyNdmILsE4QP5Es4Z8F6Fs5qmlcT8YoHnLQCbF+dSZJ7U
        GnzuIou0BPhldA0RSunA1SKQLvDRYNGGq0Pm8GVIip3ou/Fs18r+xTgvTMacTpQf
        VKayo6xeZBy7EYqbzTt5F69hU6Lsc/9ODIbQnBXSVJMzt0iWQGOLKgcVRNuvCC2H
        jot+NRWpR9Fo7mzn+HaH2byAl8gcpEBNgI0N4WkZDBsCAwEAAaAiMCAGCSqGSIb3
        DQEJDjETMBEwDwYDVR0RBAgwBocECgAAATANBgkqhkiG9w0BAQsFAAOCAQEANVFh
        C9MbzNZ01I8dJnqqMQL9lREckihxNiOk0I5XzUzGwQNcRHrhbtGWbrLYdex3d62F
        lLALMhNRbe3mfrM/F3eRPgyRS25PWjG97DuuCgENCgHlX25+klIQ++cT/N0sZsu8
        hp1y5FcLN0kQAozwBkJbuRMvx/oM1LiNc2GD3T3H6hkClQktu45FP6FM3pdissTH
        KTy6JyM+GQ21n+jGMrnUabq33O8k56zTxQ/pPtaNdb7UhbnKjShNinOEvdMni2g+
        JSLo9+j5E38YcwV4uDIqh4r0K/DGLPS+4E986MopyRGev9Q44J2tXAVBoIwN28/C
        u8t3VmbFzic6r/wLhQ==
        -----END CERTIFICATE REQUEST-----
        """
    static let newLabel = """
        -----BEGIN NEW CERTIFICATE REQUEST-----
        MIHNMHQCAQAwEjEQMA4GA1UEAwwHcm9ib3QtMTBZMBMGByqGSM49AgEGCCqGSM49
        AwEHA0IABBAx7rIQrCBMOb+xh5c/0qAGW77oMQ79zUe/DuYBpDE9iO+JnlPknBAK
        CXrVK8wJK4Y0noB3ary02slqWX3AZvigADAKBggqhkjOPQQDAgNJADBGAiEAt9tN
        fP6NeA9wAxPev+TCmTCdwOlFNu3/7EnTIRZ42WUCIQCiMhVPE7xVfx0IwZRWz3+Q
        oqc7XcUJTAOtzND9Zi29nw==
        -----END NEW CERTIFICATE REQUEST-----
        """
    static let withoutSubject = """
        -----BEGIN CERTIFICATE REQUEST-----
        MIG6MGICAQAwADBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBAx7rIQrCBMOb+x
        h5c/0qAGW77oMQ79zUe/DuYBpDE9iO+JnlPknBAKCXrVK8wJK4Y0noB3ary02slq
        WX3AZvigADAKBggqhkjOPQQDAgNIADBFAiB1V2LNR/1sJc09JkQDX4Tyv289bjwv
        iHz0mslkrtoDvwIhALYAq4vFQg5Mm1SbNsE4Bf8BnoEPVCxGaFK4zJl2Cvfy
        -----END CERTIFICATE REQUEST-----
        """
}
