public import JSON
public import Registry

extension SigningState {
    /// As it goes through the server's socket: `{"on", "key", "allowed_signer", "commit"}`.
    public var json: JSONValue {
        [
            "on": .bool(isOn), "key": key.map { .text("\($0)") } ?? .null,
            "fingerprint": fingerprint.map { .text($0) } ?? .null,
            "allowed_signer": allowedSigner.map { .text($0) } ?? .null,
            "commit": commit.map { .text("\($0)") } ?? .null,
        ]
    }

    init?(_ json: JSONValue) {
        guard let isOn = json["on"]?.bool else { return nil }
        self.isOn = isOn
        key = json["key"]?.text
        fingerprint = json["fingerprint"]?.text
        allowedSigner = json["allowed_signer"]?.text
        commit = json["commit"]?.text.flatMap { Revision(hex: $0) }
    }
}

extension RegistryStore {
    /// `sign on` and the like from the socket.
    func sign(_ word: String) -> String {
        guard let order = SigningOrder(rawValue: word) else { return "error: unknown request\n" }
        do throws(RegistryError) {
            return String(decoding: try sign(order).json.compactBytes(), as: UTF8.self)
        } catch {
            return "error: \(error.explanation)\n"
        }
    }
}

extension ServerClient {
    /// Asks a running server; see ``RegistryStore/sign(_:)``.
    ///
    /// - Returns: nil when no server answers there.
    public func sign(_ order: SigningOrder) throws(RegistryError) -> SigningState? {
        guard let answer = ask("sign \(order.rawValue)", seconds: 60) else { return nil }
        let json = try? JSONValue(parsing: Array(answer.utf8), options: .document)
        guard let state = json.flatMap({ SigningState($0) }) else {
            let line = answer.split(separator: "\n").first ?? "no answer"
            throw .storage(reason: String(line.trimmingPrefix("error: ")))
        }
        return state
    }
}
