import Registry

/// The input of `git fast-import` that makes the demonstration's commits.
struct DemoImport {
    private(set) var stream: [UInt8] = []
    private var mark = 0
    private let branch: String

    init(_ history: DemoHistory, branch: String) {
        self.branch = branch
        for commit in history.commits {
            let base = mark
            add(commit, message: commit.message, author: commit.author, from: base)
            guard commit.isPullRequest else { continue }
            let subject = commit.message.split(separator: "\n").first.map(String.init) ?? ""
            let merger = Author(name: DemoPerson.samir.rawValue, email: DemoPerson.samir.email)
            add(commit, message: "Merge: \(subject)", author: merger, from: base, merging: mark)
        }
        append("done\n")
    }

    private mutating func add(
        _ commit: DemoCommit, message: String, author: Author, from base: Int,
        merging side: Int? = nil
    ) {
        mark += 1
        let seconds = commit.moment.microseconds / 1_000_000 + (side == nil ? 0 : 2_400)
        append("commit refs/heads/\(branch)\nmark :\(mark)\n")
        append("author \(author.name) <\(author.email)> \(seconds) +0000\n")
        append("committer \(Self.committer(of: author)) \(seconds) +0000\n")
        data(Array((message + "\n").utf8))
        if base > 0 { append("from :\(base)\n") }
        if let side { append("merge :\(side)\n") }
        for (path, bytes) in commit.files {
            append("M 100644 inline \(path)\n")
            data(bytes)
        }
    }

    /// People commit for themselves, the server for everybody else.
    private static func committer(of author: Author) -> String {
        let isPerson = DemoPerson.allCases.contains { $0.email == author.email }
        return isPerson ? "\(author.name) <\(author.email)>" : "Muster <server@muster.invalid>"
    }

    private mutating func data(_ bytes: [UInt8]) {
        append("data \(bytes.count)\n")
        stream += bytes
        append("\n")
    }

    private mutating func append(_ text: String) { stream += text.utf8 }
}
