import HTTPTypes

/// The head of a CGI answer (RFC 3875, section 6): its status and fields.
struct CGIHead: Sendable {
    /// More bytes than any that git writes.
    static let limit = 16 << 10

    private(set) var status: HTTPResponse.Status = .ok
    private(set) var fields: HTTPFields = [:]
    /// Where the body begins.
    private(set) var end = 0

    /// Reads the head that `bytes` begin with; nil while it is not complete.
    init?(_ bytes: some Swift.Collection<UInt8>) {
        var line: [UInt8] = []
        var count = 0
        for byte in bytes.prefix(Self.limit) {
            count += 1
            guard byte == UInt8(ascii: "\n") else {
                line.append(byte)
                continue
            }
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if line.isEmpty {
                end = count
                return
            }
            read(line)
            line = []
        }
        return nil
    }

    private mutating func read(_ line: [UInt8]) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let name = String(decoding: line[..<colon], as: UTF8.self)
        let value = String(
            decoding: line[(colon + 1)...].drop { $0 == UInt8(ascii: " ") }, as: UTF8.self)
        if name.lowercased() == "status" {
            let code = value.split(separator: " ").first.flatMap { Int($0) }
            status =
                code.flatMap { (200...599).contains($0) ? .init(code: $0) : nil } ?? .badGateway
        } else if let name = HTTPField.Name(name) {
            fields.append(HTTPField(name: name, value: value))
        }
    }
}
