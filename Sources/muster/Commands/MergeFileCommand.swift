import ArgumentParser
import Registry

/// `muster merge-file`, git's merge driver.
struct MergeFileCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "merge-file",
        abstract: "Merge two versions of a document, for git.",
        discussion: """
            Joins JSON by what it says: objects by member, lists of names as sets,
            panels by their id. The order of members and the layout are no changes. Other
            text is joined by line, as git does it.

            Tell git once in each clone; a registry's .gitattributes name the driver:

              git config merge.muster.name "JSON by member"
              git config merge.muster.driver \\
                'muster merge-file --marker-size %L -- %O %A %B %P'

            The result is written to OURS. Where both sides changed one place, it holds
            git's conflict marks around the lines in question, and each place is named
            with both values. The exit code is 0 when all is joined, 1 when there is
            something to decide, 129 when a file cannot be read or written.
            """)

    @Argument(help: "The version that both began with (%O).", completion: .file())
    var base: String

    @Argument(help: "Our version, which the result is written to (%A).", completion: .file())
    var ours: String

    @Argument(help: "Their version (%B).", completion: .file())
    var theirs: String

    @Argument(
        help: "The file's path in the registry (%P), which says what kind of document it is.")
    var path = ""

    @Option(
        name: .customShort("L"), parsing: .singleValue,
        help: "What our version is called in conflict marks; again for the base, and theirs.")
    var label: [String] = []

    @Option(help: "How many characters a conflict mark has (%L).")
    var markerSize = 7

    func validate() throws {
        guard (1...100).contains(markerSize) else {
            throw ValidationError("a marker has 1 to 100 characters")
        }
        guard label.count <= 3 else { throw ValidationError("-L is given at most three times") }
    }

    func run() throws {
        let versions = try (read(base), read(ours), read(theirs))
        // git gives an empty file where both sides have added one.
        let start = versions.0.isEmpty ? nil : versions.0
        let merge = DocumentMerge.merge(
            base: start, ours: versions.1, theirs: versions.2, path: path)
        if merge.conflicts.isEmpty, let bytes = merge.bytes { return try write(bytes) }
        let marks = ConflictMarks(
            ours: label.first ?? "ours", theirs: label.count > 2 ? label[2] : "theirs",
            size: markerSize)
        if let marked = DocumentMerge.marked(
            base: start, ours: versions.1, theirs: versions.2, path: path, marks: marks)
        {
            try write(marked)
        }
        let shown = merge.conflicts.map { path.isEmpty ? "\(ours)\($0.summary)" : $0.summary }
        throw Failure(shown.joined(separator: "\nmuster: "))
    }

    private func read(_ file: String) throws -> [UInt8] {
        do { return try readFile(file) } catch let failure as Failure {
            throw Failure(failure.message, exitCode: 129)
        }
    }

    private func write(_ bytes: [UInt8]) throws {
        do { try writeFile(ours, bytes) } catch let failure as Failure {
            throw Failure(failure.message, exitCode: 129)
        }
    }
}
