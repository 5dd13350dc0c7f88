import Foundation

/// Python's `json` as the judge of texts: what it refuses, and what it prints of the rest.
enum PythonJudge {
    enum Verdict: Equatable, CustomStringConvertible {
        case refused
        /// Too deep for Python to say.
        case unknown
        /// What `json.dumps` prints, with numbers as they were written.
        case printed([UInt8])

        var description: String {
            switch self {
            case .refused: "no JSON"
            case .unknown: "too deep"
            case .printed(let text): String(decoding: text, as: UTF8.self)
            }
        }
    }

    static let note: String = "no python3 on this machine"

    static let python: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "")
        .split(separator: ":").map { URL(filePath: "\($0)/python3") }
        .first { FileManager.default.isExecutableFile(atPath: $0.path) }

    /// Numbers are parsed to marked strings, so that their text survives.
    private static let script = """
        import json, re, struct, sys

        def refuse(constant):
            raise ValueError(constant)

        def mark(literal):
            return "\\0number:" + literal

        def judge(data):
            try:
                value = json.loads(
                    data.decode("utf-8", "strict"),
                    parse_constant=refuse, parse_int=mark, parse_float=mark)
                text = json.dumps(value)
            except RecursionError:
                return -2, b""
            except ValueError:
                return -1, b""
            text = re.sub(r'"\\\\u0000number:([^"]*)"', r"\\1", text).encode("ascii")
            return len(text), text

        texts, verdicts = open(sys.argv[1], "rb"), open(sys.argv[2], "wb")
        while head := texts.read(4):
            length, text = judge(texts.read(struct.unpack(">i", head)[0]))
            verdicts.write(struct.pack(">i", length) + text)
        """

    static func verdicts(on texts: [[UInt8]]) throws -> [Verdict] {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let input = folder.appending(path: "texts")
        let output = folder.appending(path: "verdicts")
        var bytes = Data()
        for text in texts {
            withUnsafeBytes(of: Int32(text.count).bigEndian) { bytes.append(contentsOf: $0) }
            bytes.append(contentsOf: text)
        }
        try bytes.write(to: input)
        let process = try Process.run(
            python ?? URL(filePath: "/usr/bin/python3"),
            arguments: ["-c", script, input.path, output.path])
        process.waitUntilExit()
        return read(Array(try Data(contentsOf: output)))
    }

    private static func read(_ bytes: [UInt8]) -> [Verdict] {
        var verdicts: [Verdict] = []
        var rest = bytes[...]
        while rest.count >= 4 {
            let length = Int(rest.prefix(4).reduce(0) { $0 << 8 | Int32($1) })
            rest = rest.dropFirst(4)
            switch length {
            case -1: verdicts.append(.refused)
            case ..<0: verdicts.append(.unknown)
            default:
                verdicts.append(.printed(Array(rest.prefix(length))))
                rest = rest.dropFirst(length)
            }
        }
        return verdicts
    }
}
