import Foundation
import Testing

@testable import Git

@Suite("What git's index knows of files")
struct StagedFilesTests {
    let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "staged-\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder + "/a/b", withIntermediateDirectories: true)
        for (number, name) in Self.names.enumerated() {
            try Data("content \(number)".utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
        }
        try git("init", "-q")
    }

    private static let names = [
        "a/b/c", "a/b.txt", "a/bc", "z", "é", "long-" + String(repeating: "x", count: 200),
    ]

    private func git(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", folder] + arguments
        try process.run()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
    }

    /// The names of the files that need not be read.
    private func known() throws -> [String] {
        let staged = StagedFiles(reading: folder + "/.git/index")
        return Self.names.enumerated().filter { number, name in
            let blob = GitObject(.blob, Array("content \(number)".utf8)).id
            guard let facts = FileFacts(at: "\(folder)/\(name)") else { return false }
            #expect(!staged.know(name, facts, toHold: .zero))
            #expect(!staged.know(name + "x", facts, toHold: blob))
            return staged.know(name, facts, toHold: blob)
        }.map(\.element)
    }

    @Test("is every file that is as it was staged, and none that was touched since")
    func unchanged() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        #expect(try known() == [])
        try git("add", "-A")
        // Files of the moment in which the index is written are racy.
        Thread.sleep(forTimeInterval: 0.05)
        try git("update-index", "--force-write-index")
        #expect(try known() == Self.names)
        try Data("content 4".utf8).write(to: URL(fileURLWithPath: "\(folder)/é"))
        try Data("other".utf8).write(to: URL(fileURLWithPath: "\(folder)/z"))
        #expect(try known() == Self.names.filter { $0 != "z" && $0 != "é" })
        try git("update-index", "--assume-unchanged", "a/bc")
        #expect(try !known().contains("a/bc"))
    }

    @Test("is nothing where the index is torn, of another version or missing")
    func unusable() throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try git("add", "-A")
        Thread.sleep(forTimeInterval: 0.05)
        try git("update-index", "--force-write-index")
        let index = folder + "/.git/index"
        let whole = try Data(contentsOf: URL(fileURLWithPath: index))
        for count in 0..<(whole.count - 20) where count % 7 == 0 {
            try whole.prefix(count).write(to: URL(fileURLWithPath: index))
            _ = try known()
        }
        try whole.write(to: URL(fileURLWithPath: index))
        try git("update-index", "--index-version", "4", "--force-write-index")
        #expect(try known() == [])
        try FileManager.default.removeItem(atPath: index)
        #expect(try known() == [])
    }
}
