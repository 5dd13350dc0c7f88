import Foundation
import Testing

@testable import Git

@Suite("What git's index knows of files")
struct StagedFilesTests {
    let repository: ScratchRepository

    init() throws {
        repository = try ScratchRepository()
        try FileManager.default.createDirectory(
            atPath: repository.path + "/a/b", withIntermediateDirectories: true)
        for (number, name) in Self.names.enumerated() {
            try repository.write("content \(number)".utf8, to: name)
        }
    }

    private static let names = [
        "a/b/c", "a/b.txt", "a/bc", "z", "é", "long-" + String(repeating: "x", count: 200),
    ]

    /// The names of the files that need not be read.
    private func known() -> [String] {
        let staged = StagedFiles(reading: repository.path + "/.git/index")
        return Self.names.enumerated().filter { number, name in
            let blob = GitObject(.blob, Array("content \(number)".utf8)).id
            guard let facts = FileFacts(at: "\(repository.path)/\(name)") else { return false }
            #expect(!staged.know(name, facts, toHold: .zero))
            #expect(!staged.know(name + "x", facts, toHold: blob))
            return staged.know(name, facts, toHold: blob)
        }.map(\.element)
    }

    @Test("is every file that is as it was staged, and none that was touched since")
    func unchanged() throws {
        #expect(known() == [])
        try repository.git("add", "-A")
        // Files of the moment in which the index is written are racy.
        Thread.sleep(forTimeInterval: 0.05)
        try repository.git("update-index", "--force-write-index")
        #expect(known() == Self.names)
        try repository.write("content 4".utf8, to: "é")
        try repository.write("other".utf8, to: "z")
        #expect(known() == Self.names.filter { $0 != "z" && $0 != "é" })
        try repository.git("update-index", "--assume-unchanged", "a/bc")
        #expect(!known().contains("a/bc"))
    }

    @Test("is nothing where the index is torn, of another version or missing")
    func unusable() throws {
        try repository.git("add", "-A")
        Thread.sleep(forTimeInterval: 0.05)
        try repository.git("update-index", "--force-write-index")
        let index = repository.path + "/.git/index"
        let whole = try Data(contentsOf: URL(fileURLWithPath: index))
        #expect(StagedFiles(reading: index).isWhole)
        for count in 0..<whole.count where count % 7 == 0 {
            try whole.prefix(count).write(to: URL(fileURLWithPath: index))
            _ = known()
            #expect(!StagedFiles(reading: index).isWhole)
        }
        try whole.write(to: URL(fileURLWithPath: index))
        try repository.git("update-index", "--index-version", "4", "--force-write-index")
        #expect(known() == [])
        try repository.git("update-index", "--index-version", "2", "--force-write-index")
        #expect(StagedFiles(reading: index).isWhole)
        try repository.git("update-index", "--split-index")
        #expect(!StagedFiles(reading: index).isWhole)
        try FileManager.default.removeItem(atPath: index)
        #expect(known() == [])
    }
}
