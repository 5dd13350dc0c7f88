internal import Registry
internal import Subprocess

/// The integers that documents have or had, on any reference.
struct NumberHistory {
    let repository: String

    /// The greatest of each sequence; empty where none was ever given out.
    func greatest() async throws -> [CratonFamily: Int] {
        // Nearly free where the history is of devices alone.
        let any = try await git(
            ["log", "--all", "-1", "--format=%H", "--", "craton"], limit: 4_096)
        guard !any.isEmpty else { return [:] }
        let changes = try await git(
            [
                "log", "--all", "-m", "--format=", "--no-color", "--no-ext-diff", "--no-textconv",
                "-p", "-U0",
                "-G\"id\": *[0-9]+", "--", "craton", "devices",
            ], limit: 1 << 30)
        return Self.read(changes)
    }

    /// Reads what git says was added or removed.
    static func read(_ changes: String) -> [CratonFamily: Int] {
        var greatest: [CratonFamily: Int] = [:]
        var family: CratonFamily?
        for line in changes.utf8.split(separator: UInt8(ascii: "\n")) {
            let line = line.drop { $0 == UInt8(ascii: "\r") }
            if line.starts(with: "--- ".utf8) || line.starts(with: "+++ ".utf8) {
                family = self.family(ofHeader: Substring(line.dropFirst(4))) ?? family
            } else if let family, line.first.map({ "+-".utf8.contains($0) }) ?? false,
                let number = number(in: line.dropFirst()), number < 1 << 52
            {
                greatest[family] = max(greatest[family] ?? 0, number)
            }
        }
        return greatest
    }

    /// `a/craton/regions/x.json`, or that in quotes; nil for `/dev/null`.
    private static func family(ofHeader text: Substring) -> CratonFamily? {
        let path = text.drop { $0 == "\"" }.dropFirst(2)
        return CratonFamily.allCases.first { path.hasPrefix($0.collection.name + "/") }
    }

    private static func number(in line: Substring.UTF8View) -> Int? {
        let member = line.drop { $0 == 0x20 || $0 == 0x09 }
        guard member.starts(with: "\"id\":".utf8) else { return nil }
        let digits = member.dropFirst(5).drop { $0 == 0x20 }.prefix { (0x30...0x39).contains($0) }
        return Int(String(Substring(digits)))
    }

    private func git(_ arguments: [String], limit: Int) async throws -> String {
        let result = try await Subprocess.run(
            .name("git"), arguments: Arguments(["-C", repository] + arguments),
            environment: .git,
            input: .none, output: .bytes(limit: limit), error: .string(limit: 1 << 16))
        guard result.terminationStatus.isSuccess else {
            throw MaintenanceError(
                command: arguments.joined(separator: " "), words: result.standardError)
        }
        return String(decoding: result.standardOutput, as: UTF8.self)
    }
}
