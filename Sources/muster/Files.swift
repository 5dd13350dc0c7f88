import FoundationEssentials
import Glibc

/// Whether something is at `path`.
func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

func readFile(_ path: String) throws -> [UInt8] {
    guard let data = FileManager.default.contents(atPath: path) else {
        throw Failure("\(path): cannot be read; \(systemReason())")
    }
    return Array(data)
}

/// Writes a file and the folders above it.
func writeFile(_ path: String, _ bytes: [UInt8]) throws {
    do {
        let folder = URL(filePath: path).deletingLastPathComponent().path()
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: path))
    } catch {
        throw Failure("\(path): cannot be written; \(systemReason())")
    }
}

/// The path from the root of the file system, links resolved; `path` itself when there is nothing there.
func absolutePath(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
}

/// What the last failed call of the C library said.
func systemReason() -> String { String(cString: strerror(errno)).lowercased() }
