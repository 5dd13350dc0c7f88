internal import Git

/// A commit's content taken apart: its signature, and what that was made over.
struct SignedContent {
    /// The content without the header `gpgsig`.
    private(set) var payload: [UInt8] = []
    /// The lines of that header, each with its newline; nil where nobody has signed.
    private(set) var signature: String?

    /// Takes the content of a commit object (git's `parse_buffer_signed_by_header`).
    init(of bytes: [UInt8]) {
        var header: [UInt8]?
        var part = Part.other
        var rest = bytes[...]
        let (newline, space) = (UInt8(ascii: "\n"), UInt8(ascii: " "))
        while let end = rest.firstIndex(of: newline), end != rest.startIndex {
            var line = rest[...end]
            rest = rest[(end + 1)...]
            if line.first != space {
                part = Part(of: line)
                if part == .signature { line = line.dropFirst("gpgsig".utf8.count) }
            }
            switch part {
            case .signature: header = (header ?? []) + line.dropFirst()
            case .otherSignature: break
            case .other: payload += line
            }
        }
        payload += rest
        signature = header.map { String(decoding: $0, as: UTF8.self) }
    }

    private enum Part {
        case signature, other
        /// One for objects named by SHA-256.
        case otherSignature

        init(of line: ArraySlice<UInt8>) {
            self =
                line.starts(with: "gpgsig ".utf8)
                ? .signature : line.starts(with: "gpgsig".utf8) ? .otherSignature : .other
        }
    }
}
