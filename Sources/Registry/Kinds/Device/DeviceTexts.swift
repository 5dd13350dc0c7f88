/// What people search and sort devices by, read from a file without decoding the rest of it.
public struct DeviceTexts: Sendable {
    public let id: DocumentID
    public let address: String
    /// What people call it; the uid of a device without a name.
    public let name: String

    public init(_ stored: StoredDocument) {
        id = stored.id
        if let address = Self.address(in: stored.bytes), !Self.hasName(stored.bytes) {
            (self.address, name) = (address, stored.id.text)
        } else {
            let device = stored.content as? Device
            (address, name) = (device?.address ?? "", device?.name ?? stored.id.text)
        }
    }

    /// Nil where the file is not in the registry's own form.
    private static func address(in bytes: [UInt8]) -> String? {
        bytes.withUnsafeBufferPointer { bytes in
            var text = CanonicalText(bytes)
            guard text.skip("{\n  \"uid\": "), text.string() != nil,
                text.skip(",\n  \"creation_date\": "), text.string() != nil,
                text.skip(",\n  \"address\": "), let address = text.address()
            else { return nil }
            return String(decoding: address.dropFirst().dropLast(), as: UTF8.self)
        }
    }

    /// Whether some member, at any depth, may be called so.
    private static func hasName(_ bytes: [UInt8]) -> Bool { bytes.holds(nameMember) }

    private static let nameMember = Array("\"name\":".utf8)
}

extension [UInt8] {
    /// Whether `member`, which is not empty, stands somewhere in the bytes.
    func holds(_ member: [UInt8]) -> Bool {
        withUnsafeBufferPointer { bytes in
            bytes.indices.dropLast(member.count - 1).contains { start in
                bytes[start] == member[0] && bytes[start + 1] == member[1]
                    && bytes[start..<start + member.count].elementsEqual(member)
            }
        }
    }
}
