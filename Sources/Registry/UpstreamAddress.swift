/// Where the repository is that a registry is kept in step with.
///
/// `https://git.example.org/fleet/registry.git`, `http://...`, `ssh://git@host:2222/registry.git`,
/// `git@host:fleet/registry.git`, or a folder of this machine.
public struct UpstreamAddress: Hashable, Sendable {
    /// How git reaches it.
    public enum Transport: String, Hashable, Sendable {
        case https, http, ssh, folder
    }

    /// As git takes it, with whatever password is in it: for no log and no page.
    public let url: String
    public let transport: Transport
    /// A name or an address, without brackets; empty for a folder.
    public let host: String
    /// As written; nil for the one that is usual.
    public let port: Int?
    /// The user and the password in front of the host, as written; empty where there is none.
    public let userInfo: String
    /// For people: without password, and without user where that may be a token.
    public let redacted: String

    /// Reads an address; nil where it is none.
    public init?(_ text: String) {
        let isPlain = text.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        guard isPlain, !text.isEmpty, text.utf8.count <= 2000, !text.hasPrefix("-") else {
            return nil
        }
        url = text
        if let (scheme, rest) = Self.parts(of: text, at: "://") {
            guard let transport = Transport(rawValue: scheme.lowercased()), transport != .folder,
                let place = Place(rest)
            else { return nil }
            self.transport = transport
            (host, port) = (place.host, place.port)
            userInfo = place.userInfo
            let user = transport == .ssh ? place.user : ""
            redacted = scheme.lowercased() + "://" + (user.isEmpty ? "" : user + "@") + place.rest
        } else if text.hasPrefix("/") {
            transport = .folder
            (host, port) = ("", nil)
            userInfo = ""
            redacted = text
        } else {
            // host:path, as scp writes it; a slash before the colon would make it a folder.
            guard let (start, path) = Self.parts(of: text, at: ":"), !start.contains("/"),
                !path.isEmpty, let place = Place(start + "/")
            else { return nil }
            transport = .ssh
            (host, port) = (place.host, nil)
            userInfo = ""
            redacted = text
        }
    }

    /// Why the address must not stand in a file that everybody may read; nil where it may.
    public var reasonAgainstPublishing: String? {
        switch transport {
        case .folder: "Must be an https, http or ssh address."
        case .ssh where userInfo.contains(":"), .http where !userInfo.isEmpty,
            .https where !userInfo.isEmpty:
            "Must hold no user and password; they are set where the server is started."
        default: nil
        }
    }

    /// `text` without what the address has in front of its host.
    public func redact(_ text: String) -> String {
        var rest = text[...]
        var redacted = ""
        let secrets = userInfo.isEmpty ? [] : [userInfo + "@", userInfo]
        while !rest.isEmpty {
            if let secret = secrets.first(where: { rest.hasPrefix($0) }) {
                redacted += "***"
                rest = rest.dropFirst(secret.count)
            } else {
                redacted.append(rest.removeFirst())
            }
        }
        return redacted
    }

    private static func parts(of text: String, at separator: String) -> (String, String)? {
        let scalars = Array(text.unicodeScalars)
        let wanted = Array(separator.unicodeScalars)
        guard scalars.count >= wanted.count else { return nil }
        for place in 0...(scalars.count - wanted.count)
        where scalars[place..<(place + wanted.count)].elementsEqual(wanted) {
            let end = place + wanted.count
            return (
                String(String.UnicodeScalarView(scalars[..<place])),
                String(String.UnicodeScalarView(scalars[end...]))
            )
        }
        return nil
    }

    /// What follows the scheme.
    private struct Place {
        var userInfo = ""
        var user = ""
        let host: String
        let port: Int?
        let rest: String

        init?(_ text: String) {
            let authority = text.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            var named = authority
            if let at = authority.lastIndex(of: "@") {
                userInfo = String(authority[..<at])
                user = String(userInfo.prefix { $0 != ":" })
                named = authority[authority.index(after: at)...]
            }
            // ssh would take such a name for an option.
            guard !named.isEmpty, !named.hasPrefix("-"), !user.hasPrefix("-"), named.first != ":"
            else { return nil }
            let path = text[authority.endIndex...].prefix { $0 != "?" && $0 != "#" }
            rest = String(named) + String(path)
            let end = named.hasPrefix("[") ? named.firstIndex(of: "]") : named.firstIndex(of: ":")
            host = String(named[..<(end ?? named.endIndex)].drop { $0 == "[" })
            port = Int(named[(end ?? named.endIndex)...].drop { $0 == "]" || $0 == ":" })
        }
    }
}

/// What registry.json says of the upstream.
public struct UpstreamSettings: Hashable, Sendable {
    public var address: UpstreamAddress
    /// How often it is looked at where no webhook tells; nil for the server's own choice.
    public var intervalSeconds: Int?

    public init(address: UpstreamAddress, intervalSeconds: Int? = nil) {
        self.address = address
        self.intervalSeconds = intervalSeconds
    }
}
