import ArgumentParser

/// `muster secretkey`
struct SecretKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secretkey",
        abstract: "Print a new secret key.",
        discussion: """
            The key is 32 random bytes in base64url. Give it to the server in its
            environment, and keep it out of the repository and of shell histories:

              MUSTER_SECRET_KEY=$(muster secretkey) muster serve --registry registry
            """)

    func run() { writeOutput(Self.newKey()) }

    /// 43 characters of base64url (RFC 4648, section 5), without padding.
    static func newKey() -> String {
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        return base64URL(bytes)
    }

    static func base64URL(_ bytes: [UInt8]) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
        var text = ""
        var (bits, count): (UInt32, Int) = (0, 0)
        for byte in bytes {
            (bits, count) = (bits << 8 | UInt32(byte), count + 8)
            while count >= 6 {
                count -= 6
                text.append(alphabet[Int(bits >> UInt32(count)) & 63])
            }
            bits &= (1 << UInt32(count)) - 1
        }
        if count > 0 { text.append(alphabet[Int(bits << UInt32(6 - count)) & 63]) }
        return text
    }
}
