internal import JSON

/// Which of a device's nine members an answer holds.
public struct DeviceFields: Hashable, Sendable {
    /// In the order of answers.
    public let names: [String]

    public static let all = DeviceFields(names: allNames)

    private static let allNames =
        ["uid", "creation_date", "address", "public_ssh_key"]
        + DeviceList.allCases.map(\.rawValue) + ["certificate"]

    private init(names: [String]) { self.names = names }

    /// Reads the query parameter `fields`: names with commas between; nothing means all.
    ///
    /// - Throws: one message for each unknown name, under `fields`.
    public init(parsing text: String) throws(FieldErrors) {
        let asked = text.utf8.split(separator: UInt8(ascii: ","))
            .map { String(Substring($0)).trimmingSpaces() }.filter { !$0.isEmpty }
        var errors = FieldErrors()
        errors.add(
            asked.filter { !Self.allNames.contains($0) }.map { "Unknown field: \($0)." },
            to: "fields")
        guard errors.isEmpty else { throw errors }
        names = asked.isEmpty ? Self.allNames : Self.allNames.filter(asked.contains)
    }

    func contains(_ name: String) -> Bool { names.contains(name) }
}
