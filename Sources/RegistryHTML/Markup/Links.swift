import Registry

/// The addresses of pages and static files below one base.
struct Links: Sendable {
    let base: String
    let at: String?

    init(_ frame: Frame) {
        self.init(base: frame.base, at: frame.at)
    }

    init(base: String, at: String?) {
        self.base = base
        self.at = at
    }

    var overview: String { address("/overview") }
    var devices: String { address("/devices/") }
    var dashboards: String { address("/dashboards/") }
    var rules: String { address("/rules/") }
    var repository: String { address("/repository/") }
    var edits: String { address("/repository/edits") }
    var problems: String { address("/repository/problems") }
    var kept: String { address("/repository/kept") }
    var undo: String { address("/repository/undo") }
    var deleted: String { address("/repository/deleted") }
    var webhooks: String { address("/repository/webhooks") }
    var proposals: String { address("/proposals/") }

    func webhook(_ id: String, _ query: [(name: String, value: String)] = []) -> String {
        address("/repository/webhooks/" + Self.encode(id), query)
    }

    // Accounts are the same at all times.
    var account: String { base + "/account/" }
    var tokens: String { base + "/account/tokens" }
    var password: String { base + "/account/password" }
    var sessions: String { base + "/account/sessions" }
    var accounts: String { base + "/accounts/" }
    var login: String { base + "/login" }
    var logout: String { base + "/logout" }

    func account(_ name: String) -> String { base + "/accounts/" + Self.encode(name) }
    func tokens(of name: String) -> String { account(name) + "/tokens" }

    /// The login, and where it leads then.
    func login(then page: PageAddress?, at: String?) -> String {
        guard let page else { return login }
        let query = page.query.map { (name: $0.name, value: $0.value) }
        let then = Links(base: "", at: at).address(page.path, query)
        return login + "?then=" + Self.encode(then)
    }

    var search: String { address("/search/") }
    /// The description of the APIs is the same at all times.
    var api: String { base + "/api-reference/" }

    /// The page of a document, or what the API says of it where it has none.
    func document(_ key: DocumentKey) -> String {
        let uid = key.id.text
        switch key.collection {
        case .devices: return device(uid)
        case .grafanaDashboards: return dashboard(.grafana, uid)
        case .foxgloveDashboards: return dashboard(.foxglove, uid)
        case .prometheusAlertRules: return rule(.prometheus, uid)
        case .lokiAlertRules: return rule(.loki, uid)
        case .certificates: return device(uid)
        default:
            let path = "/api/registry/v1/documents/\(key.collection.name)/"
            return address(path + Self.encode(uid))
        }
    }

    func proposal(_ number: Int) -> String { address("/proposals/\(number)") }

    /// The preview of restoring a document; without a revision, of one that is gone.
    func restore(_ key: DocumentKey, at revision: String = "") -> String {
        address(
            "/repository/undo",
            [(name: "document", value: key.description), (name: "at", value: revision)])
    }

    /// The preview of taking back a commit.
    func revert(_ commit: String) -> String {
        address("/repository/undo", [(name: "commit", value: commit)])
    }

    /// The same pages with another state of the registry, `proposal:7`.
    func at(_ name: String) -> Links { Links(base: base, at: name) }

    func device(_ uid: String) -> String { address("/devices/" + Self.encode(uid)) }

    func dashboard(_ kind: DashboardKind, _ uid: String) -> String {
        address("/dashboards/\(kind.rawValue)/" + Self.encode(uid))
    }

    func rule(_ kind: RuleKind, _ uid: String) -> String {
        address("/rules/\(kind.rawValue)/" + Self.encode(uid))
    }

    func file(_ file: StaticFile) -> String { base + "/static/" + file.name }

    /// The address of a path below the base, with a query; members without a value are left out.
    func address(_ path: String, _ query: [(name: String, value: String)] = []) -> String {
        var members = query.filter { !$0.value.isEmpty }
        if let at { members.append((name: "at", value: at)) }
        let text = members.map { $0.name + "=" + Self.encode($0.value) }.joined(separator: "&")
        return base + path + (text.isEmpty ? "" : "?" + text)
    }

    /// Percent-encodes all but unreserved characters (RFC 3986, section 2.3).
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                bytes.append(byte)
            default:
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
