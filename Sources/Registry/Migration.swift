internal import JSON

/// What brings a registry from the format that its `registry.json` names to the present one.
public struct Migration: Sendable {
    /// The way from one format to the next.
    public struct Step: Hashable, Sendable {
        public let from: Int
        /// What it changes, as a sentence without a full stop.
        public let summary: String
    }

    /// Why a registry cannot be brought to the present format, with what to do.
    public enum Failure: Error, Hashable, Sendable, CustomStringConvertible {
        case newer(Int)
        case unknown(Int)
        case unreadable(reason: String)

        public var description: String {
            switch self {
            case .newer(let version):
                "the registry has format \(version), newer than the "
                    + "\(RegistrySettings.currentFormatVersion) that this muster knows; install a "
                    + "newer muster"
            case .unknown(let version):
                "the registry has format \(version), which no muster has ever written; correct "
                    + "format_version in \(RegistrySettings.path)"
            case .unreadable(let reason): "\(RegistrySettings.path) cannot be read: \(reason)"
            }
        }
    }

    /// Every step that there is, oldest first; the first format has none before it.
    static let all: [Step] = []

    /// The format that the registry has.
    public let version: Int
    /// What is to be done, in order; none where it has the present format.
    public let steps: [Step]

    /// Reads a `registry.json`.
    public init(of bytes: [UInt8]) throws(Failure) {
        try self.init(of: bytes, to: RegistrySettings.currentFormatVersion, by: Self.all)
    }

    /// - Parameters:
    ///   - current: the format to reach.
    ///   - all: the steps there are.
    init(of bytes: [UInt8], to current: Int, by all: [Step]) throws(Failure) {
        let value: JSONValue
        do throws(JSONSyntaxError) {
            value = try JSONValue(parsing: bytes, options: .document)
        } catch {
            throw .unreadable(reason: "\(error)")
        }
        guard let version = value["format_version"]?.int else {
            throw .unreadable(reason: "format_version must be a whole number")
        }
        guard version <= current else { throw .newer(version) }
        let steps = all.filter { $0.from >= version && $0.from < current }
            .sorted { $0.from < $1.from }
        // A way with a gap leads nowhere.
        guard version > 0, steps.map(\.from) == Array(version..<current) else {
            throw .unknown(version)
        }
        self.version = version
        self.steps = steps
    }
}
