extension Device {
    /// Reads what a snapshot keeps of a device, where its file has the members that every device
    /// has, in the registry's own form, and of the others at most kind, name and parent.
    static func outline(_ bytes: [UInt8], of id: DocumentID) -> DocumentOutline? {
        // A key could only be where it is refused.
        guard !Secret.mayBeIn(file: bytes) else { return nil }
        return bytes.withUnsafeBufferPointer { outline(CanonicalText($0), of: id) }
    }

    private static func outline(
        _ text: consuming CanonicalText, of id: DocumentID
    ) -> DocumentOutline? {
        guard text.skip("{\n  \"uid\": "), let uid = text.printableString(),
            uid.elementsEqual(id.text.utf8), text.skip(",\n  \"creation_date\": "),
            let date = text.printableString().flatMap({ Timestamp(parsing: $0) }),
            text.skip(",\n  \"address\": "), let address = text.printableString(),
            Address.isIPv4OrName(address), text.skip(",\n  \"public_ssh_key\": "),
            text.printableString() != nil
        else { return nil }
        var targets: [DocumentKey] = []
        for list in DeviceList.allCases {
            guard text.skip(list.nameInFile), let ids = text.ids() else { return nil }
            for id in ids { targets.append(DocumentKey(list.collection, id)) }
        }
        if text.skip(",\n  \"kind\": ") {
            guard let kind = text.printableString(),
                Kind(rawValue: String(decoding: kind, as: UTF8.self)) != nil
            else { return nil }
        }
        if text.skip(",\n  \"name\": ") {
            guard let name = text.printableString(), !name.isEmpty else { return nil }
        }
        if text.skip(",\n  \"parent\": ") {
            guard let parent = text.id() else { return nil }
            targets.append(DocumentKey(.devices, parent))
        }
        guard text.skip("\n}\n"), text.isAtEnd else { return nil }
        // The Craton API shows none without a region.
        return DocumentOutline(creationDate: date, targets: targets)
    }
}
