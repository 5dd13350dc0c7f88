internal import Git

/// The commits up to which files and git's index are known to be complete.
///
/// A small text file of lines `<word> <commit>`.
struct Checkpoint: Hashable {
    /// The commit whose files the working tree held, flushed.
    var files: ObjectID
    /// The commit that git's index stood for.
    var index: ObjectID
    /// The served tip.
    var tip: ObjectID

    init(files: ObjectID, index: ObjectID, tip: ObjectID) {
        self.files = files
        self.index = index
        self.tip = tip
    }

    /// Reads the file; nil when there is none or it says nothing usable.
    init?(reading path: String) {
        guard let bytes = try? FileSystem.read(path, limit: 4096) else { return nil }
        var values: [Substring: ObjectID] = [:]
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2 else { continue }
            values[words[0]] = ObjectID(hex: words[1])
        }
        guard let files = values["files"], let index = values["index"], let tip = values["tip"]
        else { return nil }
        self.init(files: files, index: index, tip: tip)
    }

    func write(to path: String) throws(FileError) {
        let text = "files \(files)\nindex \(index)\ntip \(tip)\n"
        try FileSystem.replace(path, Array(text.utf8), permissions: 0o600)
    }
}
