import ArgumentParser
import FoundationEssentials
import Glibc
import Registry

/// `muster demo`
struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Serve a registry that is full, to look around in.",
        discussion: """
            Makes a registry of 30 robots at three sites, with dashboards, alerts,
            certificates and five months of commits by several people, and serves it:

              muster demo                 in a temporary folder, removed at the end
              muster demo tour            in tour/, which stays
              muster demo tour --no-serve
            """)

    @Argument(
        help: "The folder to make, empty or absent; without it a temporary one.",
        completion: .directory)
    var directory: String?

    @Flag(inversion: .prefixedNo, help: "Serve the registry when it is made.")
    var serve = true

    @OptionGroup var options: ServerOptions

    func validate() throws {
        guard serve || directory != nil else {
            throw ValidationError(
                "--no-serve needs a folder: a temporary one would be gone at once.")
        }
    }

    func run() async throws {
        let folder = try directory ?? Self.temporaryFolder()
        defer {
            if directory == nil { try? FileManager.default.removeItem(atPath: folder) }
        }
        let settings = try options.settings(adding: [.registry: folder])
        let commits = try await DemoRegistry.create(at: folder, endingAt: .now)
        writeError("\(folder): \(DemoDevice.all.count) devices, \(commits) commits")
        guard serve else { return }
        try await Server.run(settings)
    }

    private static func temporaryFolder() throws -> String {
        var name = Array(
            "\(FileManager.default.temporaryDirectory.path())/muster-demo-XXXXXX".utf8CString)
        guard mkdtemp(&name) != nil else {
            throw Failure("a temporary folder cannot be made; \(systemReason())")
        }
        return String(decoding: name.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
}
