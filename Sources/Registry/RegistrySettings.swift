public import JSON

/// What `registry.json` says: the settings that are reviewed like data.
public struct RegistrySettings: Hashable, Sendable {
    /// The file's path.
    public static let path = "registry.json"
    /// The newest format that this program reads.
    public static let currentFormatVersion = 1

    public var formatVersion = currentFormatVersion
    /// The branch that is served and written.
    public var servedBranch = "main"
    /// How many nested folders new files of a collection go into, 0 to 4, by its name.
    public var fanOut: [String: Int] = [:]
    /// The region of devices that register without naming one.
    public var defaultRegion: DocumentID?
    /// Their cloud, where it is not that of the region.
    public var defaultCloud: DocumentID?
    /// The project that the fleet's page begins with, and that devices are in which register
    /// without naming a region: the region must be one of its own.
    public var defaultProject: DocumentID?
    /// The repository that this one is kept in step with.
    public var upstream: UpstreamSettings?
    /// Whether the server signs what it commits.
    public var signsCommits = false
    /// Free for the people who keep the registry.
    public var annotations = JSONObject()

    /// The settings of a registry that says nothing.
    public init() {}

    public var layout: FileLayout {
        FileLayout(
            fanOut: Dictionary(
                uniqueKeysWithValues: DocumentKind.all.compactMap { kind in
                    fanOut[kind.collection.name].map { (kind.collection, $0) }
                }))
    }

    /// The fan-out that suits a number of documents: git writes a whole folder at each commit.
    public static func fanOut(forDocuments count: Int) -> Int {
        switch count {
        case ...1000: 0
        case ...5000: 1
        case ...200_000: 2
        default: 3
        }
    }
}

extension RegistrySettings {
    /// Reads the file.
    ///
    /// - Throws: an error at `/format_version` for a newer format; see ``newerFormat(of:)``.
    public init(parsing bytes: [UInt8]) throws(InvalidDocument) {
        var reader = try MemberReader(document: bytes)
        formatVersion = try reader.required("format_version", "a whole number") { $0.int }
        guard formatVersion == Self.currentFormatVersion else {
            throw reader.invalid(
                "format_version",
                "The registry has format \(formatVersion); this program reads format "
                    + "\(Self.currentFormatVersion).")
        }
        if let branch = try reader.optional("served_branch", "a string", { $0.text }) {
            guard Self.isBranchName(branch) else {
                throw reader.invalid("served_branch", "This is no name of a branch.")
            }
            servedBranch = branch
        }
        if let fanOut = try reader.optional("fan_out", "an object", { $0.object }) {
            self.fanOut = try Self.readFanOut(fanOut)
        }
        defaultRegion = try Self.readDefault("region", &reader)
        defaultCloud = try Self.readDefault("cloud", &reader)
        defaultProject = try Self.readDefault("project", &reader)
        if let upstream = try reader.optional("upstream", "an object or null", { $0 }),
            !upstream.isNull
        {
            self.upstream = try Self.readUpstream(upstream)
        }
        signsCommits = try reader.optional("sign_commits", "true or false") { $0.bool } ?? false
        annotations = try reader.optional("annotations", "an object", { $0.object }) ?? [:]
        try reader.finish()
    }

    /// The format version of the file, if it is a newer one than this program reads.
    public static func newerFormat(of bytes: [UInt8]) -> Int? {
        guard let value = try? JSONValue(parsing: bytes, options: .document),
            let version = value["format_version"]?.int, version > currentFormatVersion
        else { return nil }
        return version
    }

    public func canonicalBytes() -> [UInt8] {
        var object = JSONObject()
        object["format_version"] = .number(JSONNumber(formatVersion))
        object["served_branch"] = .text(servedBranch)
        let fanOuts = fanOut.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        object["fan_out"] = .object(
            JSONObject(fanOuts.map { (JSONString($0.key), .number(JSONNumber($0.value))) }))
        if let defaultProject { object["default_project"] = .text(defaultProject.text) }
        if let defaultCloud { object["default_cloud"] = .text(defaultCloud.text) }
        if let defaultRegion { object["default_region"] = .text(defaultRegion.text) }
        if let upstream { object["upstream"] = .object(Self.object(of: upstream)) }
        if signsCommits { object["sign_commits"] = .bool(true) }
        if !annotations.isEmpty { object["annotations"] = .object(annotations) }
        return JSONValue.object(object).canonicalBytes()
    }

    private static func readDefault(
        _ noun: String, _ reader: inout MemberReader
    ) throws(InvalidDocument) -> DocumentID? {
        let name = JSONString("default_\(noun)")
        guard let value = try reader.optional(name, "a string or null", { $0 }), !value.isNull
        else { return nil }
        guard let id = value.text.flatMap(DocumentID.init) else {
            throw reader.invalid(name, "Must be the uid of a \(noun).")
        }
        return id
    }

    private static func readFanOut(_ object: JSONObject) throws(InvalidDocument) -> [String: Int] {
        var fanOut: [String: Int] = [:]
        for (name, value) in object {
            let pointer = JSONPointer(tokens: ["fan_out", name])
            guard DocumentKind.all.contains(where: { JSONString($0.collection.name) == name })
            else { throw InvalidDocument("There is no collection of this name.", at: pointer) }
            guard let depth = value.int, (0...4).contains(depth) else {
                throw InvalidDocument("Must be a whole number from 0 to 4.", at: pointer)
            }
            fanOut[name.description] = depth
        }
        return fanOut
    }

    private static func readUpstream(
        _ value: JSONValue
    ) throws(InvalidDocument) -> UpstreamSettings {
        func invalid(_ member: JSONString?, _ reason: String) -> InvalidDocument {
            InvalidDocument(
                reason, at: JSONPointer(tokens: ["upstream"] + (member.map { [$0] } ?? [])))
        }
        guard let object = value.object else { throw invalid(nil, "Must be an object or null.") }
        guard let address = object["url"]?.text.flatMap(UpstreamAddress.init) else {
            throw invalid("url", "Must be an https, http or ssh address.")
        }
        if let reason = address.reasonAgainstPublishing { throw invalid("url", reason) }
        var settings = UpstreamSettings(address: address)
        if let interval = object["interval_seconds"] {
            guard let seconds = interval.int, (5...86_400).contains(seconds) else {
                throw invalid("interval_seconds", "Must be a whole number from 5 to 86400.")
            }
            settings.intervalSeconds = seconds
        }
        for (name, _) in object where name != "url" && name != "interval_seconds" {
            throw invalid(name, "There is no such member.")
        }
        return settings
    }

    private static func object(of upstream: UpstreamSettings) -> JSONObject {
        var object = JSONObject()
        object["url"] = .text(upstream.address.url)
        if let seconds = upstream.intervalSeconds {
            object["interval_seconds"] = .number(JSONNumber(seconds))
        }
        return object
    }

    /// The part of `git check-ref-format` that keeps the name a single harmless word.
    private static func isBranchName(_ name: String) -> Bool {
        let isWord = name.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"~^:?*[\\".utf8.contains(byte)
        }
        return isWord && !name.isEmpty && name.utf8.count <= 200 && !name.hasPrefix("-")
            && !name.hasPrefix(".") && !name.hasPrefix("/") && !name.hasSuffix("/")
            && !name.hasSuffix(".") && !name.hasSuffix(".lock") && !name.contains("..")
            && !name.contains("//") && !name.contains("/.") && !name.contains("@{") && name != "@"
    }
}
