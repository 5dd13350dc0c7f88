/// Textual encodings of certificates and the like (RFC 7468).
package enum PEM {
    /// The content of the first block with one of the labels; text around it is passed over.
    package static func firstBlock(
        labelled labels: [String], in text: String
    ) throws(PEMError) -> [UInt8] {
        let bytes = Array(text.utf8)
        for label in labels {
            guard let begin = range(of: "-----BEGIN \(label)-----", in: bytes[...]) else {
                continue
            }
            let rest = bytes[begin.upperBound...]
            guard let end = range(of: "-----END \(label)-----", in: rest) else {
                throw PEMError("the line -----END \(label)----- is missing")
            }
            guard let der = base64Bytes(rest[..<end.lowerBound]), !der.isEmpty else {
                throw PEMError("the base64 cannot be decoded")
            }
            return der
        }
        throw PEMError("there is no PEM block \(labels.first ?? "")")
    }

    /// Where a line of PEM is; looking for its dashes first is many times faster than `firstRange`.
    private static func range(of line: String, in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        var rest = bytes
        while let dash = rest.firstIndex(of: UInt8(ascii: "-")) {
            rest = rest[dash...]
            if rest.starts(with: line.utf8) { return dash..<dash + line.utf8.count }
            rest = rest.dropFirst()
        }
        return nil
    }
}

/// Why a text holds no such block.
package struct PEMError: Error, Hashable {
    package let reason: String

    init(_ reason: String) { self.reason = reason }
}
