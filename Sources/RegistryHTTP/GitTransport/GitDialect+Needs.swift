public import Hummingbird
import HTTPTypes
public import Registry

extension GitDialect {
    public var door: AccessDoor? { .git }

    /// Whoever fetches sees everything; what is pushed is judged when it has come.
    public func need(
        of request: Request, path: RawPath, context: AppRequestContext
    ) -> AccessNeed? {
        switch path.raw {
        case "/registry.git/info/refs":
            let service = path.query.last(of: "service").flatMap { GitService(rawValue: $0) }
            return service == .receivePack ? .right(.write, .somewhere) : .readEverything
        case "/registry.git/git-upload-pack", "/backup.bundle": return .readEverything
        case "/registry.git/git-receive-pack": return .right(.write, .somewhere)
        case "/registry.git", "/registry.git/": return .nothing
        default: return path.raw.hasPrefix("/registry.git/") ? .nothing : nil
        }
    }
}
