internal import JSON

/// What a list of the API is asked for, read from its address.
public struct CratonQuery: Sendable {
    /// What is listed.
    public enum Subject: Hashable, Sendable {
        /// `/v1/devices`: hosts and network devices together.
        case devices
        case kind(CratonKind)

        var family: CratonFamily {
            switch self {
            case .devices: .device
            case .kind(let kind): kind.family
            }
        }

        /// The kind that is listed alone.
        var kind: CratonKind? { if case .kind(let kind) = self { kind } else { nil } }
    }

    public let subject: Subject
    public let limit: Int
    /// As it was given.
    public let marker: String?
    public let isDescending: Bool
    /// Whether items show their variables.
    public let hasDetails: Bool
    /// Whether those of the levels above count.
    public let isResolved: Bool
    /// The address's query without the marker: what was given, and defaults filled in.
    public let effective: [(name: String, value: String)]

    private(set) var sortKeys: [CratonSortKey]
    let filters: Filters

    struct Filters: Sendable {
        var id: Int?
        var references: [(reference: CratonReference, number: Int)] = []
        /// Texts by the name of their field.
        var texts: [(name: JSONString, text: JSONString)] = []
        var name: JSONString?
        /// A name as SQL's LIKE takes it.
        var likeName: String?
        var isActive: Bool?
        var hasDescendants = false
        var label: JSONString?
        var variables: [CratonVariableFilter] = []
    }

    /// The first item after the marker of one page before; nil for the first page.
    public var isLookup: Bool {
        guard case .kind(let kind) = subject, kind == .clouds || kind == .regions else {
            return false
        }
        return filters.id != nil || filters.name != nil
    }

    /// - Parameter pairs: names and values in their order; of a repeated name the first counts.
    public init(
        _ subject: Subject, _ pairs: [(name: String, value: String)]
    ) throws(CratonRefusal) {
        var reader = CratonQueryReader(subject, pairs)
        self.subject = subject
        let isProject = subject.kind == .projects
        limit = reader.limit()
        isDescending = reader.isDescending()
        marker = reader.marker(isNumber: !isProject)
        hasDetails = reader.boolean("details")
        isResolved = reader.boolean("resolved-values", otherwise: true)
        var filters = reader.filters()
        let keys = reader.keys()
        try reader.finish()
        sortKeys = try keys.map { name throws(CratonRefusal) in
            guard let key = CratonSortKey(name, subject) else { throw .sortKey(name) }
            return key
        }
        if let text = reader.first("vars") {
            filters.variables = try CratonVariableFilter.read(text)
        }
        if isProject, let marker, canonicalUUID(marker) == nil { throw .unknownMarker(marker) }
        self.filters = filters
        effective =
            reader.given + [
                ("sort_keys", keys.joined(separator: ",")),
                ("sort_dir", isDescending ? "desc" : "asc"), ("limit", String(limit)),
            ]
    }
}

extension CratonQuery {
    /// The same order of items that are all of one project.
    var withinOneProject: CratonQuery {
        var query = self
        query.sortKeys.removeAll { [.project, .reference(.project)].contains($0) }
        return query
    }
}

/// Takes the parameters of a list one by one, and remembers what is wrong.
private struct CratonQueryReader {
    private let subject: CratonQuery.Subject
    private var values: [(name: String, value: String)] = []
    private var errors: [String] = []

    /// The filters as they were given, in the form of links.
    private(set) var given: [(name: String, value: String)] = []

    init(_ subject: CratonQuery.Subject, _ pairs: [(name: String, value: String)]) {
        self.subject = subject
        let parameters = CratonParameters.of(subject)
        var unknown: [JSONString] = []
        for pair in pairs {
            // The original's client sends these two under other names.
            let name = ["detail": "details", "sort_key": "sort_keys"][pair.name] ?? pair.name
            guard !values.contains(where: { $0.name == name }) else { continue }
            if parameters.knows(name) {
                values.append((name, pair.value))
            } else if !unknown.contains(JSONString(pair.name)) {
                unknown.append(JSONString(pair.name))
            }
        }
        if !unknown.isEmpty { errors.append(CratonRefusal.unexpected(unknown)) }
    }

    func first(_ name: String) -> String? { values.first { $0.name == name }?.value }

    private mutating func integer(_ name: String) -> Int? {
        guard let text = first(name) else { return nil }
        guard let number = Int(text), text.utf8.first != UInt8(ascii: "+") else {
            errors.append(CratonRefusal.wrongType(.text(text), .integer))
            return nil
        }
        return number
    }

    mutating func limit() -> Int {
        guard let limit = integer("limit") else { return 30 }
        if limit < 10 { errors.append("\(limit) is less than the minimum of 10") }
        if limit > 100 { errors.append("\(limit) is greater than the maximum of 100") }
        return limit
    }

    mutating func isDescending() -> Bool {
        guard let text = first("sort_dir") else { return false }
        if text != "asc", text != "desc" {
            let shown = JSONValue.text(text).pythonRepresentation
            errors.append("\(shown) is not one of ['asc', 'desc']")
        }
        return text == "desc"
    }

    mutating func marker(isNumber: Bool) -> String? {
        if isNumber { _ = integer("marker") }
        return first("marker")
    }

    mutating func boolean(_ name: String, otherwise standard: Bool = false) -> Bool {
        let value = first(name).map(CratonRefusal.isTrue) ?? standard
        // As the original does, links say this also where it was left out.
        if CratonParameters.of(subject).booleans.contains(name) {
            given.append((name, value ? "true" : "false"))
        }
        return value
    }

    func keys() -> [String] {
        guard let text = first("sort_keys") else { return ["created_at", "id"] }
        return text.split(omittingEmptySubsequences: false) { $0 == "," || $0 == " " }
            .map(String.init)
    }

    mutating func filters() -> CratonQuery.Filters {
        let parameters = CratonParameters.of(subject)
        var filters = CratonQuery.Filters()
        for name in parameters.integers {
            guard let number = integer(name) else { continue }
            given.append((name, String(number)))
            // The original takes this one and does nothing with it.
            if subject == .kind(.users) { continue }
            if name == "id" {
                filters.id = number
            } else if let reference = CratonReference(rawValue: String(name.dropLast(3))) {
                filters.references.append((reference, number))
            }
        }
        for name in parameters.texts {
            guard let text = first(name) else { continue }
            given.append((name, text))
            switch name {
            case "vars": break
            case "label": filters.label = JSONString(text)
            case "name" where subject == .kind(.projects): filters.likeName = text
            case "name": filters.name = JSONString(text)
            default: filters.texts.append((JSONString(name), JSONString(text)))
            }
        }
        if parameters.booleans.contains("active"), let text = first("active") {
            let isActive = CratonRefusal.isTrue(text)
            filters.isActive = isActive
            given.append(("active", isActive ? "true" : "false"))
        }
        filters.hasDescendants = boolean("descendants")
        return filters
    }

    func finish() throws(CratonRefusal) {
        if !errors.isEmpty { throw CratonRefusal(lines: errors) }
    }
}

/// The parameters that a list takes besides those that all take.
struct CratonParameters: Sendable {
    var integers: [String]
    var texts: [String] = []
    var booleans: [String] = []

    private static let common = ["limit", "marker", "sort_keys", "sort_dir"]

    func knows(_ name: String) -> Bool {
        Self.common.contains(name) || integers.contains(name) || texts.contains(name)
            || booleans.contains(name)
    }

    static func of(_ subject: CratonQuery.Subject) -> CratonParameters {
        let variables = ["details", "resolved-values"]
        return switch subject {
        case .devices:
            CratonParameters(
                integers: ["id", "region_id", "cloud_id", "cell_id", "parent_id"],
                booleans: ["active", "descendants"] + variables)
        case .kind(.hosts):
            CratonParameters(
                integers: ["id", "region_id", "cloud_id", "cell_id", "parent_id"],
                texts: ["name", "device_type", "ip_address", "label", "vars"], booleans: variables)
        case .kind(.networkDevices):
            CratonParameters(
                integers: ["id", "cloud_id", "region_id", "cell_id", "parent_id"],
                texts: ["name", "device_type", "ip_address", "vars"], booleans: variables)
        case .kind(.regions):
            CratonParameters(
                integers: ["id", "cloud_id"], texts: ["name", "vars"], booleans: variables)
        case .kind(.cells):
            CratonParameters(
                integers: ["id", "cloud_id", "region_id"], texts: ["name", "vars"],
                booleans: variables)
        case .kind(.clouds):
            CratonParameters(integers: ["id"], texts: ["name", "vars"], booleans: ["details"])
        case .kind(.networks):
            CratonParameters(
                integers: ["id", "region_id", "cell_id"], texts: ["name", "vars"],
                booleans: variables)
        case .kind(.networkInterfaces):
            CratonParameters(
                integers: ["id", "device_id"], texts: ["ip_address", "interface_type"])
        case .kind(.projects):
            CratonParameters(integers: [], texts: ["name", "vars"], booleans: ["details"])
        case .kind(.users):
            CratonParameters(integers: ["id"], texts: ["name"])
        }
    }
}
