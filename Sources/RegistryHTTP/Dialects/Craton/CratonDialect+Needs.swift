public import Hummingbird
import HTTPTypes
public import Registry

extension CratonDialect {
    public var door: AccessDoor? { .craton }

    /// Craton's users are documents, and its own rules say what each of them may do; the policy says
    /// from where they may log in, and whether to read alone.
    public func need(
        of request: Request, path: RawPath, context: AppRequestContext
    ) -> AccessNeed? {
        .ownLogin([.get, .options].contains(request.method) ? .read : .write)
    }
}
