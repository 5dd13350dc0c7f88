internal import Glibc

extension FileSystem {
    /// Calls `body` with the name of everything in a folder but `.` and `..`, in no order.
    ///
    /// - Returns: false where there is no folder.
    @discardableResult
    public static func forEachEntry(
        in path: String, _ body: (_ name: String, _ isFolder: Bool) -> Void
    ) -> Bool {
        guard let folder = opendir(path) else { return false }
        defer { closedir(folder) }
        while let entry = readdir(folder) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard name != ".", name != ".." else { continue }
            let kind = Int(entry.pointee.d_type)
            // Some file systems do not tell.
            let isFolder =
                kind == DT_UNKNOWN
                ? FileFacts(at: "\(path)/\(name)")?.kind == .folder : kind == DT_DIR
            body(name, isFolder)
        }
        return true
    }

    /// The names in a folder but `.` and `..`, in no order; nil where there is no folder.
    public static func names(in path: String) -> [String]? {
        var names: [String] = []
        return forEachEntry(in: path) { name, _ in names.append(name) } ? names : nil
    }

    /// Calls `body` with every file below a folder, links not followed, as paths from `root`.
    public static func forEachFile(
        below folder: String, of root: String, _ body: (_ path: String) -> Void
    ) {
        var folders = [folder]
        while let folder = folders.popLast() {
            forEachEntry(in: "\(root)/\(folder)") { name, isFolder in
                let path = "\(folder)/\(name)"
                if isFolder { folders.append(path) } else { body(path) }
            }
        }
    }

    /// Every file below a folder, links not followed, as paths from `root`.
    public static func files(below folder: String, of root: String) -> [String] {
        var files: [String] = []
        forEachFile(below: folder, of: root) { files.append($0) }
        return files
    }
}
