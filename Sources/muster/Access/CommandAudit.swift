import Glibc
import Logging
import Registry

/// Notes what privileged was done on the command line, in the form in which the server notes it: on
/// standard error, with `audit=`, who, from where, what, and an id.
///
/// - Parameters:
///   - action: what was done, in the words of the log: `token.create`.
///   - subject: what it was about, such as an account; never a secret.
func audit(_ action: String, subject: String? = nil) {
    let logger = Logger(label: "muster") { StreamLogHandler.standardError(label: $0) }
    let id = lowercaseHex([.random(in: .min ... .max), .random(in: .min ... .max)], digits: 32)
    var metadata: Logger.Metadata = [
        "audit": "\(action)",
        "caller.user": "\(systemUser)",
        "caller.way": "command",
        "caller.address": "command line",
        "request.id": "\(id)",
    ]
    metadata["subject"] = subject.map { "\($0)" }
    logger.notice("Did what few may do.", metadata: metadata)
}

/// The name that the system has for whoever runs the command, else the number.
private var systemUser: String {
    let user = getuid()
    guard let entry = getpwuid(user), let name = entry.pointee.pw_name else { return "\(user)" }
    return String(cString: name)
}
