internal import JSON

// Devices and certificates are copied from the bytes of their files: that takes hardly longer than
// it would to look up what was rendered before, and no memory.
extension CosRendering {
    /// Appends a device as compact JSON: the members that `fields` names.
    func write(_ stored: StoredDocument, _ fields: DeviceFields, to bytes: inout [UInt8]) {
        let start = bytes.count
        let isCopied =
            shared.snapshot.missingTargets(of: stored).isEmpty
            && stored.bytes.withUnsafeBufferPointer { text in
                copy(CanonicalText(text), fields, of: stored.id, to: &bytes)
            }
        guard !isCopied else { return }
        bytes.removeSubrange(start...)
        object(stored, fields).write(to: &bytes)
    }

    /// False, with some part copied, where the text is in another form.
    private func copy(
        _ text: consuming CanonicalText, _ fields: DeviceFields, of id: DocumentID,
        to bytes: inout [UInt8]
    ) -> Bool {
        bytes.append(UInt8(ascii: "{"))
        var isFirst = true
        for member in DeviceMember.all {
            guard text.skip(member.nameInFile) else { return false }
            let isWanted = fields.contains(member.field)
            if isWanted {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                bytes.append(member.nameInAnswer)
            }
            guard member.copyValue(of: &text, to: &bytes, isWanted: isWanted) else { return false }
        }
        if fields.contains(.certificate) {
            bytes.append(isFirst ? "\"certificate\":" : ",\"certificate\":")
            writeCertificate(of: id, to: &bytes)
        }
        bytes.append(UInt8(ascii: "}"))
        return true
    }

    private func writeCertificate(of device: DocumentID, to bytes: inout [UInt8]) {
        guard let stored = shared.snapshot[DocumentKey(.certificates, device)] else {
            return bytes.append("null")
        }
        let start = bytes.count
        let isCopied = stored.bytes.withUnsafeBufferPointer { text in
            Self.copyCertificate(CanonicalText(text), to: &bytes)
        }
        guard !isCopied else { return }
        bytes.removeSubrange(start...)
        certificateValue(of: device).write(to: &bytes)
    }

    private static func copyCertificate(
        _ text: consuming CanonicalText, to bytes: inout [UInt8]
    ) -> Bool {
        for member in CertificateMember.all {
            guard text.skip(member.nameInFile),
                let value = member.isMoment ? text.moment() : text.string()
            else { return false }
            bytes.append(member.nameInAnswer)
            bytes += value
        }
        bytes.append(UInt8(ascii: "}"))
        return text.skip("\n}")
    }
}

extension Snapshot {
    /// What a device lists and is not there: the places among its references.
    public func missingTargets(of stored: StoredDocument) -> [Int] {
        guard references.mayMissTargets(of: stored.key) else { return [] }
        return stored.content.references.enumerated()
            .filter { _, reference in
                reference.target.collection.isListed && self[reference.target] == nil
            }
            .map(\.offset)
    }
}

/// How one member of a device's file is found and named.
private struct DeviceMember {
    let field: DeviceField
    let nameInFile: StaticString
    let nameInAnswer: StaticString

    /// In the order of the file, which is that of the answer.
    static let all: [DeviceMember] = [
        .init(.uid, "{\n  \"uid\": ", "\"uid\":"),
        .init(.creationDate, ",\n  \"creation_date\": ", "\"creation_date\":"),
        .init(.address, ",\n  \"address\": ", "\"address\":"),
        .init(.publicSSHKey, ",\n  \"public_ssh_key\": ", "\"public_ssh_key\":"),
        .init(
            .grafanaDashboards, DeviceList.grafanaDashboards.nameInFile,
            "\"grafana_dashboards\":"),
        .init(
            .foxgloveDashboards, DeviceList.foxgloveDashboards.nameInFile,
            "\"foxglove_dashboards\":"),
        .init(
            .prometheusAlertRuleFiles, DeviceList.prometheusAlertRuleFiles.nameInFile,
            "\"prometheus_alert_rule_files\":"),
        .init(
            .lokiAlertRuleFiles, DeviceList.lokiAlertRuleFiles.nameInFile,
            "\"loki_alert_rule_files\":"),
    ]

    private init(_ field: DeviceField, _ inFile: StaticString, _ inAnswer: StaticString) {
        self.field = field
        nameInFile = inFile
        nameInAnswer = inAnswer
    }

    /// Passes the value; false where it is in another form.
    func copyValue(
        of text: inout CanonicalText, to bytes: inout [UInt8], isWanted: Bool
    ) -> Bool {
        let value: UnsafeBufferPointer<UInt8>?
        switch field {
        case .creationDate: value = text.moment()
        case .address: value = text.address()
        case .uid, .publicSSHKey: value = text.string()
        default: return text.list(to: &bytes, isWanted: isWanted)
        }
        guard let value else { return false }
        if isWanted { bytes += value }
        return true
    }
}

/// How one member of a certificate's file is found and named.
private struct CertificateMember {
    let nameInFile: StaticString
    let nameInAnswer: StaticString
    var isMoment = false

    static let all: [CertificateMember] = [
        .init(nameInFile: "{\n  \"csr\": ", nameInAnswer: "{\"csr\":"),
        .init(nameInFile: ",\n  \"certificate\": ", nameInAnswer: ",\"certificate\":"),
        .init(nameInFile: ",\n  \"ca\": ", nameInAnswer: ",\"ca\":"),
        .init(nameInFile: ",\n  \"chain\": ", nameInAnswer: ",\"chain\":"),
        .init(nameInFile: ",\n  \"status\": ", nameInAnswer: ",\"status\":"),
        .init(
            nameInFile: ",\n  \"created_at\": ", nameInAnswer: ",\"created_at\":", isMoment: true),
        .init(
            nameInFile: ",\n  \"updated_at\": ", nameInAnswer: ",\"updated_at\":", isMoment: true),
    ]
}

extension [UInt8] {
    fileprivate mutating func append(_ text: StaticString) {
        append(
            contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
