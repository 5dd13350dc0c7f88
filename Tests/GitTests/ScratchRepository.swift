import Foundation
import Testing

/// A new repository in a folder of its own, removed with it.
final class ScratchRepository: Sendable {
    let path = NSTemporaryDirectory() + "muster-git-\(UUID().uuidString)"

    init() throws {
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true)
        try git("init", "-q")
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Runs git, which has to succeed, and gives what it printed.
    @discardableResult
    func git(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["git", "-C", path, "-c", "user.name=A", "-c", "user.email=a"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let text = String(decoding: data, as: UTF8.self)
        #expect(process.terminationStatus == 0, "\(text)")
        return text
    }

    /// Writes a file of the working tree, in a folder that is there.
    func write(_ content: some Sequence<UInt8>, to file: String) throws {
        try Data(content).write(to: URL(fileURLWithPath: "\(path)/\(file)"))
    }
}
