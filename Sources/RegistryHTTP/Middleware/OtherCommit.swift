import HTTPTypes
import Hummingbird
import Registry

/// Why `?at=` was not understood.
enum AtError: AnswerableError {
    case notForWriting

    var status: HTTPResponse.Status { .badRequest }

    var explanation: String {
        "at= is for reading; what is written goes on top of the newest commit."
    }
}

extension Request {
    /// Takes `at` off the query, so that no dialect needs to know of it, and gives its value.
    mutating func takeAt() -> String? {
        guard let target = head.path, let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")),
            target.utf8[mark...].dropFirst().starts(with: "at=".utf8) || target.contains("&at=")
        else { return nil }
        let query = RawQuery(String(target.utf8[mark...].dropFirst()) ?? "")
        guard let name = query.last(of: "at"), !name.isEmpty else { return nil }
        let kept = query.raw.utf8.split(separator: UInt8(ascii: "&"))
            .filter { !$0.starts(with: "at=".utf8) }
            .map { String(Substring($0)) }
        let path = String(Substring(target.utf8[..<mark]))
        let rest = kept.isEmpty ? "" : "?" + kept.joined(separator: "&")
        self = with { $0.path = path + rest }
        return name
    }
}
