import HTTPTypes
import Hummingbird
import RegistryHTML

extension PagesDialect {
    /// `/static/<name>`: names change with the content, so clients keep files for good.
    func staticFile(_ call: PageCall) async -> Response {
        guard let file = StaticFile.all.first(where: { $0.name == call.uidText }) else {
            return await call.message(.unknownPath(call.path.raw))
        }
        return response(
            file, to: call.request, cacheControl: "public, max-age=31536000, immutable")
    }

    /// `/favicon.ico`, which browsers ask for without being told to.
    func icon(_ call: PageCall) async -> Response {
        guard let file = StaticFile.all.first(where: { $0.contentType == "image/svg+xml" }) else {
            return await call.message(.unknownPath(call.path.raw))
        }
        return response(file, to: call.request, cacheControl: "public, max-age=86400")
    }

    private func response(
        _ file: StaticFile, to request: Request, cacheControl: String
    ) -> Response {
        let tag = EntityTag(file.hash)
        return request.notModified(tag)
            ?? .bytes(
                .ok, file.bytes, contentType: file.contentType,
                headers: [.eTag: tag.description, .cacheControl: cacheControl])
    }
}
