internal import JSON

/// What `manage.py dumpdata` writes of the COS registration server.
///
/// A list of `{"model": "<app>.<model>", "pk", "fields"}`; fields that name other objects hold
/// their keys.
public struct CosImport: Sendable {
    private struct Entry: Sendable {
        let model: String
        let pk: String
        let fields: JSONObject

        var what: String { "\(model) \(fields["uid"]?.text ?? pk)" }
    }

    private let entries: [Entry]
    private let strange: [String]

    /// - Throws: when the file is no such list.
    public init(parsing bytes: [UInt8]) throws(InvalidDocument) {
        guard let list = try JSONValue(dump: bytes).array else {
            throw InvalidDocument("A dump of Django is a list of objects.", at: JSONPointer())
        }
        var entries: [Entry] = []
        var strange: [String] = []
        for (place, value) in list.enumerated() {
            guard let model = value["model"]?.text, let fields = value["fields"]?.object else {
                strange.append("/\(place)")
                continue
            }
            let name = model.split(separator: ".").last.map { $0.lowercased() } ?? ""
            entries.append(Entry(model: name, pk: (value["pk"] ?? .null).keyText, fields: fields))
        }
        self.entries = entries
        self.strange = strange
    }

    private static let lists: [(model: String, collection: Collection)] = [
        ("grafanadashboard", .grafanaDashboards), ("foxglovedashboard", .foxgloveDashboards),
        ("prometheusalertrulefile", .prometheusAlertRules),
        ("lokialertrulefile", .lokiAlertRules),
    ]

    /// Decides against a state of the registry; all objects are one edit.
    public func decide(on snapshot: Snapshot) -> Edit<ImportReport> {
        var draft = ImportDraft(snapshot)
        for place in strange { draft.report.leave(place, "this is no object of Django") }
        var uids: [String: DocumentID] = [:]
        for entry in entries {
            guard let id = entry.fields["uid"]?.text.flatMap({ DocumentID($0) }) else { continue }
            uids["\(entry.model) \(entry.pk)"] = id
        }
        for entry in entries { takeFile(entry, &draft) }
        for entry in entries where entry.model == "device" { take(device: entry, uids, &draft) }
        for entry in entries where entry.model == "certificate" {
            take(certificate: entry, uids, &draft)
        }
        noteOthers(&draft)
        return Edit(
            draft.changes, subject: "import: \(draft.report.count) documents of COS",
            answer: draft.report)
    }

    private func takeFile(_ entry: Entry, _ draft: inout ImportDraft) {
        guard let collection = Self.lists.first(where: { $0.model == entry.model })?.collection
        else { return }
        guard let id = entry.fields["uid"]?.text.flatMap({ DocumentID($0) }) else {
            return draft.report.leave(entry.what, "its uid cannot be one of this registry")
        }
        let key = DocumentKey(collection, id)
        if let rules = entry.fields["rules"]?.text {
            draft.put(key, Array(rules.utf8), of: entry.what)
            return
        }
        // A dashboard is an object, or a text that holds one.
        let given = entry.fields["dashboard"] ?? .null
        let parsed = given.text.flatMap { try? JSONValue(parsing: $0, options: .document) }
        draft.put(key, (parsed ?? given).canonicalBytes(), of: entry.what)
    }

    private func take(
        device entry: Entry, _ uids: [String: DocumentID], _ draft: inout ImportDraft
    ) {
        guard let id = entry.fields["uid"]?.text.flatMap({ DocumentID($0) }) else {
            return draft.report.leave(entry.what, "its uid cannot be one of this registry")
        }
        var value: JSONObject = ["uid": .text(id.text)]
        value["creation_date"] = entry.fields["creation_date"].map { .text($0.zonedText) }
        value["address"] = entry.fields["address"]
        value["public_ssh_key"] = entry.fields["public_ssh_key"].flatMap { $0.isNull ? nil : $0 }
        for list in DeviceList.allCases {
            let model = Self.lists.first { $0.collection == list.collection }?.model ?? ""
            var ids: [DocumentID] = []
            for element in entry.fields[list.memberName]?.array ?? [] {
                let named = uids["\(model) \(element.keyText)"] ?? DocumentID(element.keyText)
                let isThere = named.map { draft.isTaken(DocumentKey(list.collection, $0)) } ?? false
                if let named, isThere {
                    ids.append(named)
                } else {
                    draft.report.leave(
                        entry.what, "\(list.rawValue) names \(element.keyText), which is not there")
                }
            }
            value[list.memberName] = .ids(Set(ids).sorted())
        }
        let key = DocumentKey(.devices, id)
        draft.put(key, Device.bytes(value), of: entry.what)
    }

    private func take(
        certificate entry: Entry, _ uids: [String: DocumentID], _ draft: inout ImportDraft
    ) {
        let device = (entry.fields["device"] ?? .null).keyText
        guard let id = uids["device \(device)"] ?? DocumentID(device),
            draft.isTaken(DocumentKey(.devices, id))
        else { return draft.report.leave(entry.what, "its device \(device) is not there") }
        var value: JSONObject = [:]
        for name in ["csr", "certificate", "ca", "chain", "status"] as [JSONString] {
            value[name] = entry.fields[name].flatMap { $0.isNull ? nil : $0 }
        }
        for name in ["created_at", "updated_at"] as [JSONString] {
            value[name] = entry.fields[name].map { .text($0.zonedText) }
        }
        draft.put(
            DocumentKey(.certificates, id), JSONValue.object(value).canonicalBytes(),
            of: "certificate of \(id)")
    }

    private func noteOthers(_ draft: inout ImportDraft) {
        let known = Self.lists.map(\.model) + ["device", "certificate"]
        var others: [String: Int] = [:]
        for entry in entries where !known.contains(entry.model) {
            others[entry.model, default: 0] += 1
        }
        for (model, count) in others.sorted(by: { $0.key < $1.key }) {
            draft.report.leave(
                "\(count) of \(model)", "they are of the server that wrote the dump, not of a fleet"
            )
        }
    }
}

extension JSONValue {
    /// Reads a dump, which may be far larger than any document.
    init(dump bytes: [UInt8]) throws(InvalidDocument) {
        do throws(JSONSyntaxError) {
            self = try JSONValue(
                parsing: bytes,
                options: JSONReadingOptions(
                    maximumValues: 400_000_000, duplicateMembers: .lastWins, loneSurrogates: .held))
        } catch {
            throw InvalidDocument(
                "\(error.reason) (column \(error.column))", line: error.line, rule: .syntax)
        }
    }

    /// A key as Django writes it: a number, a text, or a list that begins with one.
    var keyText: String { array?.first?.keyText ?? text ?? number?.literal ?? "null" }

    /// A time with its zone; without one it is of UTC.
    var zonedText: String {
        guard let text else { return "" }
        return Timestamp(parsing: text) == nil ? text + "Z" : text
    }
}
