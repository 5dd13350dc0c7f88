import Glibc
import Testing

/// An own directory, removed in the end.
final class ScratchDirectory: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/muster-state-XXXXXX".utf8CString)
        let made = try #require(mkdtemp(&template))
        path = String(cString: made)
    }

    deinit { remove(path) }

    /// The names in a folder of it, without `.` and `..`.
    func names(in folder: String) throws -> [String] { try entries(of: "\(path)/\(folder)") }

    private func remove(_ path: String) {
        for name in (try? entries(of: path)) ?? [] { remove("\(path)/\(name)") }
        Glibc.remove(path)
    }
}

private func entries(of path: String) throws -> [String] {
    var status = stat()
    guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return [] }
    let folder = try #require(opendir(path))
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
}

func mode(of path: String) throws -> Int {
    var status = stat()
    try #require(lstat(path, &status) == 0)
    return Int(status.st_mode & 0o777)
}

/// Replaces a file's text and leaves its mode.
func write(_ text: String, to path: String) throws {
    let file = try #require(fopen(path, "w"))
    fputs(text, file)
    fclose(file)
}

/// Writes `count` bytes of 0xAA over a file from an offset on.
func overwrite(_ path: String, at offset: Int, with count: Int) throws {
    let file = try #require(fopen(path, "r+"))
    fseek(file, offset, SEEK_SET)
    for _ in 0..<count { fputc(0xAA, file) }
    fclose(file)
}
