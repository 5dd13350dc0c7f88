import Logging
import Registry

/// The lines of the log that tell what was denied, and what privileged was done: each with who, from
/// where, what and the request's id, so that they can be told from all others by `audit`.
///
/// None holds a secret: neither query nor body nor credentials.
extension AppRequestContext {
    /// - Parameters:
    ///   - action: what was asked for, in the words of the log: `login`, `write`, `token.create`.
    ///   - reason: why it was denied; nil where it was done.
    ///   - subject: what it was about, such as a path or an account.
    func audit(_ action: String, denied reason: String? = nil, subject: String? = nil) {
        var metadata: Logger.Metadata = [
            "audit": "\(action)",
            "caller.account": "\(caller.account?.text ?? "anonymous")",
            "caller.way": "\(caller.way.rawValue)",
            "caller.address": "\(caller.address ?? "local")",
        ]
        metadata["caller.device"] = caller.device.map { "\($0)" }
        metadata["caller.token"] = caller.tokenName.map { "\($0)" }
        metadata["subject"] = subject.map { "\($0)" }
        guard let reason else {
            logger.notice("Did what few may do.", metadata: metadata)
            return
        }
        metadata["reason"] = "\(reason)"
        logger.warning("Denied a request.", metadata: metadata)
    }
}
