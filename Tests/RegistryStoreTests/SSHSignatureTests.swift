import Crypto
import Foundation
import Git
import Registry
import Testing

@testable import RegistryStore

/// ssh-keygen of this machine, in a folder of its own.
private final class Keygen {
    let folder = NSTemporaryDirectory() + "muster-keygen-\(UUID().uuidString)"

    static let isInstalled = FileManager.default.isExecutableFile(atPath: "/usr/bin/ssh-keygen")

    init() throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func write(_ name: String, _ text: String) throws -> String {
        let path = "\(folder)/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
    }

    /// - Returns: whether it ended with 0.
    @discardableResult
    func run(_ arguments: String..., input: String? = nil) throws -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/ssh-keygen")
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        process.standardInput = try input.map {
            try #require(FileHandle(forReadingAtPath: write("input", $0)))
        }
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Makes a key and signs a text with it.
    func sign(_ text: String, kind: String = "ed25519") throws -> SSHSignature {
        try run("-q", "-t", kind, "-N", "", "-f", "\(folder)/key")
        let file = try write("text", text)
        try run("-q", "-Y", "sign", "-n", "git", "-f", "\(folder)/key", file)
        return try #require(SSHSignature(armored: read("text.sig")))
    }

    /// The key of ``sign(_:kind:)``, as a line of allowed signers.
    func line(_ options: String = "") throws -> Substring {
        let key = try read("key.pub").split(separator: " ")
        return "ada@example.org \(options)\(key[0]) \(key[1]) comment"
    }
}

@Suite("Signatures of OpenSSH", .enabled(if: Keygen.isInstalled))
struct SSHSignatureTests {
    private let keygen: Keygen
    init() throws { keygen = try Keygen() }

    @Test("what ssh-keygen signs is verified, and not for another content")
    func ofKeygen() throws {
        let signature = try keygen.sign("a text\n")
        #expect(signature.namespace == "git")
        #expect(signature.isValid(for: Array("a text\n".utf8)))
        #expect(!signature.isValid(for: Array("a text".utf8)))
        let signer = try #require(AllowedSigner(line: keygen.line()))
        #expect(signer.key == signature.key)
    }

    @Test("its lines are written as ssh-keygen writes them")
    func lines() throws {
        let signature = try keygen.sign("a text\n")
        #expect(try signature.armored + "\n" == keygen.read("text.sig"))
    }

    @Test("ssh-keygen verifies what is signed here, and not for another content")
    func forKeygen() throws {
        let key = Curve25519.Signing.PrivateKey()
        let signature = try SSHSignature(of: Array("a text\n".utf8), by: key)
        let file = try keygen.write("sig", signature.armored + "\n")
        let signer = AllowedSigner(principals: "ada@example.org", key: signature.key)
        let signers = try keygen.write("signers", signer.line + "\n")
        func isGood(_ text: String) throws -> Bool {
            try keygen.run(
                "-Y", "verify", "-f", signers, "-I", "ada@example.org", "-n", "git", "-s", file,
                input: text)
        }
        #expect(try isGood("a text\n"))
        #expect(try !isGood("another\n"))
    }

    @Test("a signature that one bit was changed of is none, or does not hold")
    func changed() throws {
        let content = Array("a text".utf8)
        let signature = try SSHSignature(of: content, by: Curve25519.Signing.PrivateKey())
        let lines = signature.armored.split(separator: "\n")
        let blob = try #require(base64Bytes(lines.dropFirst().dropLast().joined().utf8))
        for place in blob.indices {
            var other = blob
            other[place] ^= 1
            let text = ([String(lines[0]), base64Text(other)] + lines.suffix(1).map(String.init))
                .joined(separator: "\n")
            let read = SSHSignature(armored: text)
            // What is reserved is not signed.
            #expect(read?.isValid(for: content) != true || read?.key != signature.key)
        }
        for count in 0..<blob.count {
            let text = "\(lines[0])\n\(base64Text(blob.prefix(count)))\n\(lines[lines.count - 1])"
            #expect(SSHSignature(armored: text) == nil)
        }
    }

    @Test("a key of another kind is read and not verified here")
    func otherKind() throws {
        let signature = try keygen.sign("a text\n", kind: "ecdsa")
        #expect(signature.key.kind == "ecdsa-sha2-nistp256")
        #expect(!signature.isValid(for: Array("a text\n".utf8)))
    }

    @Test(
        "ssh-keygen and we agree on who is allowed when",
        arguments: [
            ("", true), ("namespaces=\"git\" ", true), ("namespaces=\"file,git\" ", true),
            ("namespaces=\"file\" ", false), ("valid-after=\"20260101Z\" ", true),
            ("valid-after=\"20270101Z\" ", false), ("valid-before=\"20270101Z\" ", true),
            ("valid-before=\"20260101Z\" ", false),
            ("valid-before=\"20260601123000Z\",namespaces=\"git\" ", true),
            ("valid-before=\"20260601122959Z\" ", false), ("cert-authority ", false),
            ("nonsense ", true),
        ])
    func allowed(options: String, isAllowed: Bool) throws {
        let signature = try keygen.sign("a text\n")
        let signers = try keygen.write("signers", "# comment\n\n\(keygen.line(options))\n")
        let found = AllowedSigners(Array(try keygen.read("signers").utf8))
        // 2026-06-01T12:30:00Z
        #expect((found.signer(signature.key, at: 1_780_317_000) != nil) == isAllowed)
        // It refuses options that it does not know.
        guard options != "nonsense " else { return }
        let judged = try keygen.run(
            "-Y", "verify", "-f", signers, "-I", "ada@example.org", "-n", "git", "-s",
            "\(keygen.folder)/text.sig", "-O", "verify-time=20260601123000Z", input: "a text\n")
        #expect(judged == isAllowed)
    }

    @Test("a retired key counts for what was signed until then, also for ssh-keygen")
    func retired() throws {
        let signature = try keygen.sign("a text\n")
        var found = AllowedSigners(Array(try keygen.line().utf8))
        found.retire(signature.key, at: 1_780_317_000)
        #expect(found.signer(signature.key, at: 1_780_317_000) != nil)
        #expect(found.signer(signature.key, at: 1_780_317_001) == nil)
        let signers = try keygen.write("signers", String(decoding: found.bytes, as: UTF8.self))
        for (time, isGood) in [("20260601123000Z", true), ("20260601123001Z", false)] {
            let judged = try keygen.run(
                "-Y", "verify", "-f", signers, "-I", "ada@example.org", "-n", "git", "-s",
                "\(keygen.folder)/text.sig", "-O", "verify-time=\(time)", input: "a text\n")
            #expect(judged == isGood)
        }
    }
}

@Suite("Signed commits")
struct SignedContentTests {
    @Test("a commit is taken apart into what was signed and the signature")
    func parts() {
        let author = Signature(name: "Ada", email: "ada@example.org", seconds: 7)
        var commit = Commit(
            tree: .zero, parents: [.zero], author: author, committer: author,
            message: "subject\n\ngpgsig is a word\n of the body\n")
        let plain = commit.bytes
        commit.signature = "first\nsecond"
        let content = SignedContent(of: commit.bytes)
        #expect(content.payload == plain)
        #expect(content.signature == "first\nsecond\n")
        #expect(SignedContent(of: plain).signature == nil)
        #expect(SignedContent(of: plain).payload == plain)
    }
}
