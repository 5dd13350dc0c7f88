import AsyncAlgorithms
import HTTPTypes
import Hummingbird
import NIOCore
import Registry

extension GitDialect {
    /// The whole registry in one file, which `git clone` takes: every branch, tag, proposal and note.
    func bundle(_ request: Request, _ context: AppRequestContext) async throws -> Response {
        guard request.method == .get else { return .notAllowed("GET, HEAD") }
        let fields = try await bundleFields(context)
        // git packs anew each time, so that two bundles of one state may differ in their bytes.
        if let tag = fields[.eTag],
            request.notModified(EntityTag(String(tag.dropFirst(3).dropLast()))) != nil
        {
            return .empty(.notModified, headers: [.eTag: tag])
        }
        guard !context.isHead else { return .empty(.ok, headers: fields) }
        let process = try processes.start(
            .command(
                "bundle", "create", "--quiet", "-", "--exclude=refs/muster/*", "--all",
                store: services.store), context)
        guard let start = try await process.firstPiece() else { throw GitTransportError.failed }
        return Response(status: .ok, headers: fields, body: process.body(from: start))
    }

    private func bundleFields(_ context: AppRequestContext) async throws -> HTTPFields {
        let process = try processes.start(
            .command("show-ref", "--head", store: services.store), context)
        var references: [UInt8] = []
        for try await piece in process.output { references += Array(piece.readableBytesView) }
        guard !references.isEmpty else { throw GitTransportError.empty }
        let day = Timestamp.now.description.prefix(10)
        return [
            .contentType: "application/octet-stream",
            .contentDisposition: "attachment; filename=\"registry-\(day).bundle\"",
            .eTag: "W/\(EntityTag(of: references))",
            .cacheControl: "no-cache",
        ]
    }
}

extension GitProcess {
    /// The first of what the program says; nil when it ends without a word.
    fileprivate func firstPiece() async throws -> ByteBuffer? {
        for try await piece in output { return piece }
        return nil
    }
}
