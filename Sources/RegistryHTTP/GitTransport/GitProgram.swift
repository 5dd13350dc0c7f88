import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore
import Subprocess

/// A git program with what it is told.
struct GitProgram: Sendable {
    let arguments: [String]
    let environment: [String: String]
    let limits: GitLimits

    /// git's own server of one request, by CGI (RFC 3875).
    static func backend(
        store: RegistryStore, request: Request, path: RawPath, context: AppRequestContext
    ) -> GitProgram {
        let fields = request.headers
        var variables = [
            "GIT_HTTP_EXPORT_ALL": "1",
            "GIT_PROJECT_ROOT": store.gitDirectory,
            "PATH_INFO": String(path.raw.dropFirst("/registry.git".count)),
            "QUERY_STRING": path.query.raw,
            "REQUEST_METHOD": request.method.rawValue,
            "SERVER_PROTOCOL": "HTTP/1.1",
            "GATEWAY_INTERFACE": "CGI/1.1",
        ]
        variables["REMOTE_ADDR"] = context.remoteAddress
        variables["REMOTE_USER"] = context.caller.account?.text
        variables[Push.callerVariable] = String(
            decoding: context.caller.json.compactBytes(), as: UTF8.self)
        // Without a length git reads up to the end. With one it would go on asking for what does not
        // come, as fast as it can, when the request has no body or one that ends early.
        variables["CONTENT_TYPE"] = fields[.contentType]
        variables["HTTP_CONTENT_ENCODING"] = fields[.contentEncoding]
        variables["GIT_PROTOCOL"] = fields[.gitProtocol].flatMap(plainProtocol)
        let isPush = path.raw.hasSuffix(GitService.receivePack.rawValue)
        if isPush { variables["GIT_ALLOC_LIMIT"] = "\(GitLimits.pushedObjectBytes)" }
        return GitProgram(
            arguments: ["http-backend"],
            environment: environment(isPush: isPush).merging(variables) { _, given in given },
            limits: isPush ? .push : .fetch)
    }

    /// A command that reads the registry.
    static func command(_ arguments: String..., store: RegistryStore) -> GitProgram {
        GitProgram(
            arguments: ["--git-dir=\(store.gitDirectory)"] + arguments,
            environment: environment(isPush: false), limits: .fetch)
    }

    private static func environment(isPush: Bool) -> [String: String] {
        GitEnvironment.clean(
            with: isPush
                // A thread holds two objects at a time, which is enough for one push.
                ? [("http.receivepack", "true"), ("pack.threads", "1")]
                // Protocol version 2 gives every object by its id; partial clones need it of the
                // others too.
                : [("http.receivepack", "true"), ("uploadpack.allowAnySHA1InWant", "true")])
    }

    /// `version=2` and its like; nothing else is handed on to git.
    private static func plainProtocol(_ text: String) -> String? {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
        return isPlain && text.utf8.count <= 256 ? text : nil
    }
}

extension HTTPField.Name {
    static let gitProtocol = knownName("Git-Protocol")
}
