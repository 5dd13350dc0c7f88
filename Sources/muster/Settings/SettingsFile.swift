import JSON

/// The settings file: a JSON object of settings, `{"port": 8080, "allowedHosts": ["a", "b"]}`.
enum SettingsFile {
    static let usualName = "muster.json"

    /// Reads the file that `--config` or MUSTER_CONFIG names, else `muster.json` of this folder if it is there.
    static func read(flag: String?, environment: [String: String]) throws -> [Setting: String] {
        let variable = environment["MUSTER_CONFIG"].flatMap { $0.isEmpty ? nil : $0 }
        if let path = flag ?? variable { return try parse(try readFile(path), path: path) }
        guard fileExists(usualName) else { return [:] }
        return try parse(try readFile(usualName), path: usualName)
    }

    /// - Throws: ``Failure`` (usage) naming the line or the member that is wrong.
    static func parse(_ bytes: [UInt8], path: String) throws -> [Setting: String] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: bytes, options: .document)
        } catch {
            throw Failure(usage: "\(path): \(error)")
        }
        guard let object = value.object else {
            throw Failure(usage: "\(path): the settings are an object, { \"port\": 8000 }")
        }
        var settings: [Setting: String] = [:]
        for (name, value) in object.members {
            guard let setting = name.string.flatMap(Setting.init(rawValue:)) else {
                let names = Setting.allCases.map(\.rawValue).joined(separator: ", ")
                throw Failure(usage: "\(path): there is no setting '\(name)'; there are \(names)")
            }
            guard let text = text(of: value) else {
                throw Failure(
                    usage: "\(path): '\(name)' is a text, a number, true, false or a list of texts")
            }
            settings[setting] = text
        }
        return settings
    }

    private static func text(of value: JSONValue) -> String? {
        switch value {
        case .string(let string): return string.string
        case .number(let number): return number.literal
        case .bool(let bool): return String(bool)
        case .array(let elements):
            let texts = elements.compactMap(\.text)
            return texts.count == elements.count ? texts.joined(separator: ",") : nil
        case .null, .object: return nil
        }
    }
}
