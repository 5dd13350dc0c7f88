public import JSON

extension Caller {
    /// The caller as git's hooks hand it on to the server that they belong to.
    public var json: JSONValue {
        var object = JSONObject()
        object["account"] = account.map { .text($0.text) }
        object["device"] = device.map { .text($0.text) }
        object["roles"] = .array(roles.sorted().map { .text($0) })
        object["rights"] = .array(scope.rights.map(\.rawValue).sorted().map { .text($0) })
        object["collections"] = scope.collections.map { .array($0.sorted().map { .text($0) }) }
        object["one_device"] = scope.device.map { .text($0.text) }
        object["way"] = .text(way.rawValue)
        object["token"] = tokenName.map { .text($0) }
        object["address"] = address.map { .text($0) }
        object["unrestricted"] = .bool(isUnrestricted)
        return .object(object)
    }

    /// Nil where a part is missing or makes no sense: then nobody knows what is allowed.
    public init?(json: JSONValue) {
        guard let object = json.object, let roles = Self.texts(object["roles"]),
            let rights = Self.texts(object["rights"]),
            let way = object["way"]?.text.flatMap({ Way(rawValue: $0) }),
            let isUnrestricted = object["unrestricted"]?.bool
        else { return nil }
        self.init(
            account: object["account"]?.text.flatMap { AccountName($0) },
            device: object["device"]?.text.flatMap { DocumentID($0) }, roles: Set(roles),
            scope: AccessScope(
                rights: Set(rights.compactMap { AccessRight(rawValue: $0) }),
                collections: object["collections"].map { Set(Self.texts($0) ?? []) },
                device: object["one_device"]?.text.flatMap { DocumentID($0) }),
            way: way, tokenName: object["token"]?.text, address: object["address"]?.text,
            isUnrestricted: isUnrestricted)
        let isWhole =
            (object["account"] == nil || account != nil)
            && (object["device"] == nil || device != nil)
            && (object["one_device"] == nil || scope.device != nil)
        guard isWhole else { return nil }
    }

    private static func texts(_ value: JSONValue?) -> [String]? {
        guard let array = value?.array else { return nil }
        let texts = array.compactMap(\.text)
        return texts.count == array.count ? texts : nil
    }
}
