import Glibc
import JSON
import Logging
import Registry
import RegistryStore
import StateStore

/// Notes what privileged was done on the command line, with who, what and an id, and never a secret:
/// in `audit.log` of the state directory, where it stays, and on standard error in the form in which
/// the server notes it.
struct CommandAudit {
    let registry: String
    let state: String?

    /// - Parameters:
    ///   - action: what was done, in the words of the log: `token.create`.
    ///   - subject: what it was about, such as an account.
    func note(_ action: String, subject: String? = nil) {
        let id = lowercaseHex([.random(in: .min ... .max), .random(in: .min ... .max)], digits: 32)
        var members = [
            ("audit", action), ("caller.user", systemUser), ("caller.way", "command"),
            ("caller.address", "command line"), ("request.id", id),
        ]
        if let subject { members.append(("subject", subject)) }
        let logger = Logger(label: "muster") { StreamLogHandler.standardError(label: $0) }
        logger.notice(
            "Did what few may do.",
            metadata: Dictionary(members.map { ($0, "\($1)") }) { _, last in last })
        append([("time", "\(Timestamp.now)")] + members)
    }

    /// What is done is not undone because it could not be written down; that is said.
    private func append(_ members: [(String, String)]) {
        let entry = JSONObject(members.map { (JSONString($0), .text($1)) })
        let line = String(decoding: JSONValue.object(entry).compactBytes(), as: UTF8.self)
        do {
            let places = try RegistryPlaces(of: registry, state: state)
            try AuditFile(in: .open(of: places)).append(line)
        } catch {
            writeError("muster: \(AuditFile.name) has no line of this: \(error)")
        }
    }

    /// The name that the system has for whoever runs the command, else the number.
    private var systemUser: String {
        let user = getuid()
        guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return "\(user)" }
        return String(cString: name)
    }
}

extension StateOptions {
    var audit: CommandAudit { CommandAudit(registry: registry, state: state) }
}
