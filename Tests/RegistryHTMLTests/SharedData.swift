import FoundationEssentials

/// Real dashboards and rules, which stay outside the repository.
enum SharedData {
    /// Where they are: `MUSTER_SHARED`, or `../shared` beside the package.
    private static var folder: String {
        if let folder = ProcessInfo.processInfo.environment["MUSTER_SHARED"] { return folder }
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        return "/\(root)/shared"
    }

    static var isPresent: Bool { FileManager.default.fileExists(atPath: folder + "/data") }

    /// The bytes of one file below `data`; nil where the folder is absent.
    static func file(_ path: String) throws -> [UInt8]? {
        guard isPresent else { return nil }
        return Array(try Data(contentsOf: URL(filePath: "\(folder)/data/\(path)")))
    }
}
