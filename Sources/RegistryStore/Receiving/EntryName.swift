internal import Git

/// Names in trees that no file and no folder may have.
enum EntryName {
    /// Why no tree may have such an entry, whatever it holds.
    static func refusal(of entry: Tree.Entry) -> String? {
        guard let name = String(validating: entry.name, as: UTF8.self) else {
            return "The name is no UTF-8, which not every system can hold; rename it."
        }
        if isGitFolder(name) { return "No file or folder may be named like git's own." }
        if ["", ".", ".."].contains(name) || name.utf8.contains(UInt8(ascii: "/")) {
            return "This is no name of a file."
        }
        if plain(name) == ".gitmodules" { return noSubmodules }
        return switch entry.mode {
        case .link: "Symbolic links are not taken; put the file itself there."
        case .submodule: noSubmodules
        default: nil
        }
    }

    private static let noSubmodules = "Submodules are not taken; put the files themselves there."

    /// `.git` as any file system may understand it; Windows takes a backslash for a separator.
    private static func isGitFolder(_ name: String) -> Bool {
        name.split(separator: "\\").contains { [".git", "git~1"].contains(plain(String($0))) }
    }

    /// The name in small letters, without what Windows and macOS leave out.
    private static func plain(_ name: String) -> String {
        let kept = name.lowercased().unicodeScalars.filter { !isIgnored($0) }
        // What follows a colon names a stream of the file.
        var text = String(String.UnicodeScalarView(kept.prefix { $0 != ":" }))
        while text.hasSuffix(".") || text.hasSuffix(" ") { text.removeLast() }
        return text
    }

    /// HFS+ ignores these in names (git: `next_hfs_char`).
    private static func isIgnored(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200C...0x200F, 0x202A...0x202E, 0x206A...0x206F, 0xFEFF: true
        default: false
        }
    }
}
