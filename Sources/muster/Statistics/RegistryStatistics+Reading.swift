import FoundationEssentials
import Glibc
import Registry

extension RegistryStatistics {
    /// Asks git about the served branch of the registry in `directory`, whether a server runs or not.
    ///
    /// - Parameter largest: how many of the largest documents are named.
    /// - Throws: ``Failure`` when there is no registry, or no commit yet.
    init(of directory: String, largest: Int) async throws {
        let git = GitProgram(directory: directory)
        let settings = try RegistrySettings(
            parsing: readFile("\(directory)/\(RegistrySettings.path)"))
        self.init(branch: settings.servedBranch)
        let reference = "refs/heads/\(branch)"
        let listing = try await git.run(["ls-tree", "-r", "-l", "-z", "--full-tree", reference])
        note(listing: listing, largest: largest)
        commits = Int(try await git.text(["rev-list", "--count", reference])) ?? 0
        historySeconds = try await Self.seconds(of: reference, git)
        objects = Objects(countObjects: try await git.text(["count-objects", "-v"]))
        workingTreeBytes = Self.diskBytes(below: directory)
    }

    /// Counts the documents of `git ls-tree -r -l -z`, whose entries are
    /// `<mode> SP <type> SP <id> SP <size> TAB <path> NUL`, the size after any number of spaces.
    mutating func note(listing: [UInt8], largest limit: Int) {
        var counts: [String: Int] = [:]
        var files: [File] = []
        for entry in listing.split(separator: 0) {
            guard let tab = entry.firstIndex(of: UInt8(ascii: "\t")) else { continue }
            let path = String(decoding: entry[(tab + 1)...], as: UTF8.self)
            guard case .document(let key) = FileLayout.key(ofPath: path) else { continue }
            counts[key.collection.name, default: 0] += 1
            let bytes = Self.number(at: entry[..<tab])
            if files.count < limit || bytes > (files.last?.bytes ?? 0) {
                let place = files.firstIndex { $0.bytes < bytes } ?? files.count
                files.insert(File(path: path, bytes: bytes), at: place)
                if files.count > limit { files.removeLast() }
            }
        }
        largest = files
        collections = DocumentKind.all.compactMap { kind in
            counts[kind.collection.name].map {
                Count(collection: kind.collection.name, documents: $0)
            }
        }
    }

    /// The decimal number at the end of some bytes.
    private static func number(at bytes: ArraySlice<UInt8>) -> Int {
        let digits = bytes.reversed().prefix { $0 != UInt8(ascii: " ") }.reversed()
        return Int(String(decoding: digits, as: UTF8.self)) ?? 0
    }

    /// From the oldest root to the tip.
    private static func seconds(of reference: String, _ git: GitProgram) async throws -> Int {
        let roots = try await git.text(["rev-list", "--max-parents=0", "--timestamp", reference])
        let newest = try await git.text(["log", "-1", "--format=%ct", reference])
        let times = roots.split(separator: "\n").compactMap {
            $0.split(separator: " ").first.flatMap { Int($0) }
        }
        guard let oldest = times.min(), let newest = Int(newest) else { return 0 }
        return max(newest - oldest, 0)
    }

    /// What the files below a folder take on the disk, git's own folder left out.
    private static func diskBytes(below directory: String) -> Int {
        var (bytes, folders) = (0, [directory])
        while let folder = folders.popLast() {
            guard let stream = opendir(folder) else { continue }
            defer { closedir(stream) }
            while let entry = readdir(stream) {
                let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                    name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
                }
                var facts = stat()
                guard name != ".", name != "..", name != ".git",
                    fstatat(dirfd(stream), name, &facts, AT_SYMLINK_NOFOLLOW) == 0
                else { continue }
                if facts.st_mode & S_IFMT == S_IFDIR { folders.append("\(folder)/\(name)") }
                if facts.st_mode & S_IFMT == S_IFREG { bytes += Int(facts.st_blocks) * 512 }
            }
        }
        return bytes
    }
}

extension RegistryStatistics.Objects {
    /// Reads `git count-objects -v`: one `name: number` in each line, sizes in KiB.
    init(countObjects text: String) {
        var numbers: [Substring: Int] = [:]
        for line in text.split(separator: "\n") {
            let words = line.split(separator: ":")
            guard words.count == 2, let number = Int(String(words[1]).trimmed) else { continue }
            numbers[words[0]] = number
        }
        self.init(
            packs: numbers["packs"] ?? 0, packBytes: (numbers["size-pack"] ?? 0) * 1024,
            loose: numbers["count"] ?? 0, looseBytes: (numbers["size"] ?? 0) * 1024)
    }
}
