import HTTPTypes
import Hummingbird

/// Compresses large answers for clients that accept gzip (RFC 9110, sections 8.4 and 12.5.3).
enum Compression {
    /// Shorter answers fit into a few packets anyway.
    private static let shortest = 4096

    static func compress(_ response: inout Response, for request: Request) {
        let accepted = AcceptedCodings(request.headers[values: .acceptEncoding])
        guard response.status != .notModified else {
            // The answer that the client has may be one of those that vary.
            if accepted.isGiven { response.headers.append(vary) }
            return
        }
        let isLarge = response.body.contentLength.map { $0 >= shortest } ?? true
        guard response.status == .ok, isLarge || accepted.refusesIdentity, isCompressible(response)
        else { return }
        response.headers.append(vary)
        guard accepted.prefersGzip else { return }
        response.headers[.contentEncoding] = "gzip"
        if let tag = response.headers[.eTag] { response.headers[.eTag] = compressed(tag) }
        response.body = response.body.compressed()
    }

    private static let vary = HTTPField(name: .vary, value: "Accept-Encoding")

    private static func compressed(_ tag: String) -> String {
        EntityTag(String(tag.dropFirst().dropLast())).compressed.description
    }

    private static func isCompressible(_ response: Response) -> Bool {
        guard response.body.contentLength != 0, !response.headers.contains(.contentEncoding),
            let type = response.headers[.contentType], type != EventStream.contentType
        else { return false }
        return type.hasPrefix("text/") || type.hasPrefix("application/json")
            || type.hasPrefix("application/vnd.oai.openapi") || type.hasPrefix("image/svg+xml")
    }
}

/// What a client says of the codings that it takes.
struct AcceptedCodings {
    /// Whether it says anything.
    let isGiven: Bool
    private var gzip: Double?
    private var identity: Double?
    private var others: Double?

    /// Reads the values of `Accept-Encoding`; what makes no sense is passed over.
    init(_ fields: [String]) {
        isGiven = !fields.isEmpty
        for range in fields.flatMap({ $0.split(separator: ",") }) {
            let parts = range.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let name = parts.first, let weight = Self.weight(parts.dropFirst()) else {
                continue
            }
            switch name {
            case "gzip", "x-gzip": gzip = weight
            case "identity": identity = weight
            case "*": others = weight
            default: break
            }
        }
    }

    /// Whether an answer must not come as it is.
    var refusesIdentity: Bool { isGiven && identity ?? others == 0 }

    /// Without a weight of its own, identity comes after all others.
    var prefersGzip: Bool {
        let weight = gzip ?? others ?? 0
        return weight > 0 && weight >= identity ?? 0
    }

    private static func weight(_ parameters: ArraySlice<String>) -> Double? {
        guard let text = parameters.last(where: { $0.hasPrefix("q=") }) else { return 1 }
        return Double(text.dropFirst(2)).flatMap { (0...1).contains($0) ? $0 : nil }
    }
}
