import ArgumentParser
import JSON
import Registry
import RegistryStore

/// `muster verify`
struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Name the commits that no good signature covers.",
        discussion: """
            A signature covers its commit and all before it. One counts whose key is in
            allowed_signers at the time of the commit. Works on any clone; the exit code is
            1 when a commit is not covered.

              muster verify registry
              muster verify registry v1..main
              muster verify --allowed-signers ~/registry-keys registry

            Ed25519 is verified here, SSH keys of other kinds by git; other signatures,
            such as OpenPGP's, do not count.
            """)

    @Argument(help: "The registry, or a clone of it.", completion: .directory)
    var directory = "."

    @Argument(help: "Commits as git names them; a tip alone means all before it.")
    var range = "HEAD"

    @Option(
        help: ArgumentHelp(
            "The keys that count, where those of the newest commit are not to be trusted.",
            valueName: "file"), completion: .file())
    var allowedSigners: String?

    @Flag(help: "Print one JSON object for scripts.")
    var json = false

    func run() async throws {
        try requireFolder(directory)
        let signers = try allowedSigners.map { (name: $0, bytes: try readFile($0)) }
        let report: VerificationReport
        do throws(StoreOpeningError) {
            report = try await RegistryStore.verify(range, of: directory, signers: signers)
        } catch {
            throw Failure("\(error)")
        }
        if json {
            writeJSON(report.json)
        } else {
            for line in Self.lines(of: report) { writeOutput(line) }
        }
        if !report.isCovered { throw ExitCode(1) }
    }

    private static func lines(of report: VerificationReport) -> [String] {
        var lines = report.uncovered.map {
            "not covered: \($0.commit) \($0.author): \($0.subject) (\($0.reason))"
        }
        let more = report.uncoveredCount - report.uncovered.count
        if more > 0 { lines.append("and \(more) before these") }
        lines += report.covers.map {
            "signed: \($0.commit) by \($0.signer), \($0.key), \($0.time)"
        }
        let covered = report.commits - report.uncoveredCount
        lines.append("\(covered) of \(report.commits) commits are covered")
        lines.append("keys: \(report.signersFile)")
        return lines + report.notProven.map { "not proven: \($0)" }
    }
}
