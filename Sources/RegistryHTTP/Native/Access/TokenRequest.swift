import JSON
import Registry

/// What a body says about a new token.
struct TokenRequest {
    let name: String
    let scope: AccessScope
    let networks: [AddressBlock]
    private(set) var expires: Timestamp?

    /// Reads `{"name", "rights", "collections", "device", "networks", "expires"}`.
    init(_ body: JSONObject) throws(NativeError) {
        var reader = BodyReader(body)
        guard let name = try reader.text("name") else {
            throw reader.invalid("name", "Must be a string.")
        }
        self.name = name
        scope = try reader.scope()
        networks = try reader.networks()
        if let text = try reader.text("expires") {
            guard let time = Timestamp(parsing: text) else {
                throw reader.invalid("expires", "Must be a time such as 2026-12-31T00:00:00Z.")
            }
            expires = time
        }
        try reader.finish()
    }
}

extension BodyReader {
    /// What a token allows at most: `rights`, `collections` and `device`.
    fileprivate mutating func scope() throws(NativeError) -> AccessScope {
        var scope = AccessScope.everything
        if let rights = try words("rights", among: AccessRight.allCases.map(\.rawValue)) {
            scope.rights = Set(rights.compactMap { AccessRight(rawValue: $0) })
        }
        let known = Collection.allCases.map(\.name)
        scope.collections = try words("collections", among: known).map { Set($0) }
        if let text = try text("device") {
            guard let device = DocumentID(text) else {
                throw invalid("device", "Must be the uid of a device.")
            }
            scope.device = device
        }
        return scope
    }

    fileprivate mutating func networks() throws(NativeError) -> [AddressBlock] {
        var networks: [AddressBlock] = []
        for value in try array("networks") ?? [] {
            guard let block = value.text.flatMap(AddressBlock.init) else {
                throw invalid("networks", "Must be addresses or networks, 10.0.0.0/8.")
            }
            networks.append(block)
        }
        return networks
    }

    /// A list of at least one of these words; nil where there is none.
    private mutating func words(
        _ name: JSONString, among known: [String]
    ) throws(NativeError) -> [String]? {
        guard let values = try array(name) else { return nil }
        let words = values.compactMap(\.text)
        guard !words.isEmpty, words.count == values.count, words.allSatisfy(known.contains) else {
            throw invalid(name, "Must be some of \(known.joined(separator: ", ")).")
        }
        return words
    }
}
