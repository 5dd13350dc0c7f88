import RegistryStore
import Subprocess

/// The `git` of this machine, run in one repository.
struct GitProgram {
    let directory: String

    /// Runs `git <arguments>` to its end.
    ///
    /// - Returns: what it printed.
    /// - Throws: ``Failure`` with git's own last line when it ends with anything but 0.
    @discardableResult
    func run(_ arguments: [String], input: [UInt8] = []) async throws -> [UInt8] {
        let result: ExecutionResult<Void, BytesOutput, StringOutput<UTF8>>
        do {
            result = try await Subprocess.run(
                .name("git"), arguments: Arguments(["-C", directory] + arguments),
                environment: .inherit.updating(Self.variables),
                input: .array(input), output: .bytes(limit: 1 << 30), error: .string(limit: 1 << 20)
            )
        } catch {
            throw Failure("git cannot be run; is it installed? (\(error))")
        }
        guard case .exited(0) = result.terminationStatus else {
            let lines = result.standardError.split(separator: "\n")
            throw Failure("git \(arguments.first ?? ""): \(lines.last ?? "ended with an error")")
        }
        return result.standardOutput
    }

    /// A person's own configuration counts for what they run, and no repository but the one meant.
    private static let variables: [Environment.Key: String?] = {
        var variables: [Environment.Key: String?] = ["LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0"]
        for name in GitEnvironment.ofRepositories {
            if let key = Environment.Key(rawValue: name) { variables[key] = .some(nil) }
        }
        return variables
    }()

    /// What `git <arguments>` prints, without the white space around it.
    func text(_ arguments: [String]) async throws -> String {
        String(decoding: try await run(arguments), as: UTF8.self).trimmed
    }
}

extension String {
    /// Without the spaces and line ends around it.
    var trimmed: String {
        let isSpace = { (scalar: Unicode.Scalar) in scalar.properties.isWhitespace }
        let kept = unicodeScalars.drop(while: isSpace)
        guard let last = kept.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(kept[...last])
    }
}
