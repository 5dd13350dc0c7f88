/// The key that signs what the server hands out; made at the first start unless given.
public struct SecretKey: Sendable, CustomStringConvertible {
    public let bytes: [UInt8]

    /// Never the key itself, so that no log can hold it.
    public var description: String { "SecretKey(\(bytes.count) bytes)" }

    /// Takes the given text, else the file `secret-key` of the state directory, else makes that
    /// file.
    public static func load(
        from directory: StateDirectory, given: String? = nil
    ) throws(StateError) -> SecretKey {
        if let given, !given.isEmpty {
            guard given.utf8.count >= 32 else {
                throw .unusable(
                    path: "the secret key of the settings",
                    reason: "the key is shorter than 32 characters")
            }
            return SecretKey(bytes: Array(given.utf8))
        }
        let path = directory.file("secret-key")
        if let bytes = try PrivateFile.read(path, limit: 4096) {
            let text = bytes.filter { $0 != UInt8(ascii: "\n") }
            guard text.count >= 32 else {
                throw .unusable(path: path, reason: "the key is shorter than 32 characters")
            }
            return SecretKey(bytes: text)
        }
        let text = random()
        try PrivateFile.write(Array((text + "\n").utf8), to: path)
        return SecretKey(bytes: Array(text.utf8))
    }

    /// 64 random characters, for a new key.
    public static func random() -> String {
        let alphabet = Array(
            "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<64).map { _ in
            alphabet[Int.random(in: alphabet.indices, using: &generator)]
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
