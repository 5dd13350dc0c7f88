import ArgumentParser
import Glibc

/// A secret that a person types, or a script hands over; never an argument, which others on the
/// machine could see.
enum TypedSecret {
    /// Reads a secret: the first line of a file, else of standard input where that is no terminal,
    /// else what is typed at a prompt without being shown.
    ///
    /// - Parameters:
    ///   - name: what it is, `Password`.
    ///   - isNew: it is asked for twice.
    static func read(_ name: String, from file: String?, isNew: Bool) throws -> String {
        if let file { return try firstLine(of: try readFile(file), file) }
        guard isatty(STDIN_FILENO) == 1 else {
            guard let line = readLine() else {
                throw Failure("standard input has no line with the \(name.lowercased())")
            }
            return line
        }
        let secret = try prompt("\(name): ")
        if isNew {
            guard try prompt("\(name) again: ") == secret else {
                throw Failure("what was typed differs; nothing was done")
            }
        }
        return secret
    }

    private static func firstLine(of bytes: [UInt8], _ file: String) throws -> String {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard let text = String(validating: line, as: UTF8.self) else {
            throw Failure("\(file) holds no text (UTF-8)")
        }
        return text
    }

    /// Asks on the terminal, which does not show what is typed.
    private static func prompt(_ question: String) throws -> String {
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else { throw Failure(systemReason()) }
        var silent = before
        silent.c_lflag &= ~tcflag_t(ECHO)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) == 0 else {
            throw Failure(systemReason())
        }
        defer { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before) }
        write(STDERR_FILENO, question, question.utf8.count)
        let line = readLine()
        write(STDERR_FILENO, "\n", 1)
        guard let line else { throw Failure("nothing was typed") }
        return line
    }
}

/// Where a password comes from.
struct PasswordOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A file whose first line is the password. Without it the password is asked for, or read "
                + "from standard input where that is no terminal.", valueName: "file"),
        completion: .file())
    var passwordFile: String?

    @Flag(help: "The password is for one login on the pages, where another has to be chosen.")
    var temporary = false

    var password: String {
        get throws { try TypedSecret.read("Password", from: passwordFile, isNew: true) }
    }
}
