import Foundation
import Git
import Testing

@Suite("Loose objects")
struct LooseObjectTests {
    @Test("git reads what was written", arguments: [0, 1, 300, 65_520, 65_535, 65_536, 200_000])
    func readable(size: Int) throws {
        let path = NSTemporaryDirectory() + "muster-objects-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let repository = try Repository(creating: path, branch: "main")
        let object = GitObject(.blob, (0..<size).map { UInt8(truncatingIfNeeded: $0 * 7) })
        try LooseObjects(of: repository).write(object)
        try LooseObjects(of: repository).write(object)
        #expect(try ObjectDatabase(of: repository).read(object.id).bytes == object.bytes)
        #expect(try git(path, "cat-file", "-s", "\(object.id)") == "\(size)\n")
        #expect(try git(path, "fsck", "--strict", "--no-dangling", "--no-progress") == "")
    }

    private func git(_ path: String, _ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "-C", path] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
            .replacingOccurrences(of: "notice: HEAD points to an unborn branch (main)\n", with: "")
            .replacingOccurrences(of: "notice: No default references\n", with: "")
    }
}
