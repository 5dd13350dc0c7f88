public import Hummingbird
import HTTPTypes
public import Registry

extension CosDialect {
    public var door: AccessDoor? { .cos }

    public func need(
        of request: Request, path: RawPath, context: AppRequestContext
    ) -> AccessNeed? {
        let segments = path.segments.dropFirst(2)
        // What is no path, or lacks its slash, is told to everybody.
        guard path.hasFinalSlash, let route = Self.route(segments.dropLast()),
            route.handler(for: request.method) != nil
        else { return .nothing }
        if CosSubject(route).isForEverybody { return .nothing }
        let right: AccessRight = request.method == .get ? .read : .write
        guard route.namesDocument else {
            return .right(right, .collections([route.model.collection]))
        }
        guard let id = route.uid(in: segments)?.text.flatMap({ DocumentID($0) }) else {
            return .right(right, .collections([route.model.collection]))
        }
        let collection = route.isCertificate ? .certificates : route.model.collection
        return .right(right, .document(DocumentKey(collection, id)))
    }
}

extension CosSubject {
    /// Whether the answer says nothing of the registry.
    fileprivate var isForEverybody: Bool { [.health, .schema, .docs].contains(self) }
}
