import Foundation
import Testing

/// Real files and recorded exchanges, which lie beside the repository and are no part of it.
enum SharedData {
    /// `MUSTER_SHARED`, else `../shared` beside the package.
    static let folder: URL = {
        if let folder = ProcessInfo.processInfo.environment["MUSTER_SHARED"] {
            return URL(fileURLWithPath: folder)
        }
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return package.deletingLastPathComponent().appendingPathComponent("shared")
    }()

    static var isThere: Bool { FileManager.default.fileExists(atPath: folder.path) }

    static let condition: Comment = "the folder shared is not beside the repository"

    /// The files of one folder of real input, by name.
    static func files(in name: String) throws -> [(name: String, bytes: [UInt8])] {
        let folder = folder.appendingPathComponent("data/\(name)")
        return try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().map {
            ($0, [UInt8](try Data(contentsOf: folder.appendingPathComponent($0))))
        }
    }

    /// The lines of a file of recorded exchanges.
    static func exchanges(_ name: String) throws -> [[UInt8]] {
        let file = folder.appendingPathComponent("golden/cos/\(name)")
        return try Data(contentsOf: file).split(separator: 0x0A).filter { $0.first != 0x23 }
            .map { [UInt8]($0) }
    }
}
