import FoundationEssentials
import Glibc

/// Whether something is at `path`.
func fileExists(_ path: String) -> Bool { access(path, F_OK) == 0 }

/// - Throws: ``Failure`` when `path` is no folder that this user can look into.
func requireFolder(_ path: String) throws {
    var isFolder = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
        guard access(path, F_OK) == 0 || errno == ENOENT else {
            throw Failure("\(path): \(systemReason())")
        }
        throw Failure("\(path) does not exist; `muster init \(path)` makes a registry there")
    }
    guard isFolder else { throw Failure("\(path) is no folder") }
    guard access(path, R_OK | X_OK) == 0 else { throw Failure("\(path): \(systemReason())") }
}

/// Makes a folder and those above it; one that is there already has to be empty.
func makeEmptyFolder(_ path: String) throws {
    if let names = try? FileManager.default.contentsOfDirectory(atPath: path) {
        guard names.isEmpty else { throw Failure("\(path) is not empty; name a new folder") }
        return
    }
    do {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
        throw Failure("\(path): the folder cannot be made; \(systemReason())")
    }
}

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
