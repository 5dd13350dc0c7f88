internal import Git

/// The commits up to which files and git's index are known to be complete.
///
/// A small text file of lines `<word> <commit, number or name>`.
struct Checkpoint: Hashable {
    /// The commit whose files the working tree held, flushed.
    var files: ObjectID
    /// The commit that git's index stood for.
    var index: ObjectID
    /// The served tip.
    var tip: ObjectID
    /// The first segment of the journal that was not flushed with all that it promises.
    var segment: Int
    /// The served branch; nil in files of earlier servers.
    var branch: String?
    /// The run of the machine in which this was written, ``Boot/current``.
    var boot = Boot.current

    /// Whether the machine was started again since.
    var isOfAnotherBoot: Bool { boot != Boot.current }
}

extension Checkpoint {
    /// Reads the file; nil when there is none or it says nothing usable.
    init?(reading path: String) {
        guard let bytes = try? FileSystem.read(path, limit: 4096) else { return nil }
        var values: [Substring: Substring] = [:]
        let text = String(decoding: bytes, as: UTF8.self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 2 else { continue }
            values[words[0]] = words[1]
        }
        func commit(_ word: Substring) -> ObjectID? { values[word].flatMap { ObjectID(hex: $0) } }
        guard let files = commit("files"), let index = commit("index"), let tip = commit("tip"),
            let segment = values["segment"].flatMap({ Int($0) })
        else { return nil }
        self.init(
            files: files, index: index, tip: tip, segment: segment,
            branch: values["branch"].map(String.init), boot: values["boot"].map(String.init))
    }

    func write(to path: String) throws(FileError) {
        var text = "files \(files)\nindex \(index)\ntip \(tip)\nsegment \(segment)\n"
        if let branch { text += "branch \(branch)\n" }
        if let boot { text += "boot \(boot)\n" }
        try FileSystem.replace(path, Array(text.utf8), permissions: 0o600)
    }
}
