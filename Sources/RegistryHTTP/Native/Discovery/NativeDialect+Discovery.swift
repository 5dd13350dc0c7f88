import HTTPTypes
import Hummingbird
import JSON
import NIOCore
import Registry

extension NativeDialect {
    /// Changes when the same devices are rendered in other bytes.
    private static let renderingVersion = "sd1"
    /// So many devices are rendered at once, and then given to the client.
    private static let devicesPerPiece = 500

    /// `GET sd/prometheus`: devices as targets for Prometheus' `http_sd_config`.
    func prometheusTargets(_ call: NativeCall) async throws -> Response {
        let targets = PrometheusTargets(selection: try .init(call.path.query))
        let snapshot = call.context.snapshot
        let words = snapshot.state(of: .devices).words
        var seed = Array(call.path.query.raw.utf8)
        for word in [words.0, words.1] {
            withUnsafeBytes(of: word.littleEndian) { seed += $0 }
        }
        let tag = EntityTag("\(Revision(blobOf: seed))-\(Self.renderingVersion)")
        if let response = call.request.notModified(tag) { return response }
        return Response(
            status: .ok, headers: [.contentType: "application/json", .eTag: tag.description],
            body: Self.body(of: targets, in: snapshot))
    }

    /// A list, a line for each target, written as the client takes it.
    private static func body(of targets: PrometheusTargets, in snapshot: Snapshot) -> ResponseBody {
        ResponseBody { writer in
            var piece = Array("[".utf8)
            var (count, isFirst) = (0, true)
            for stored in snapshot.all(in: .devices, order: .uid) {
                count += 1
                if count % devicesPerPiece == 0 {
                    try await writer.write(ByteBuffer(bytes: piece))
                    piece.removeAll(keepingCapacity: true)
                }
                guard let device = stored.content as? Device,
                    let group = targets.group(of: device)
                else { continue }
                piece += isFirst ? "\n".utf8 : ",\n".utf8
                isFirst = false
                group.write(to: &piece)
            }
            piece += "\n]\n".utf8
            try await writer.write(ByteBuffer(bytes: piece))
            try await writer.finish(nil)
        }
    }
}
