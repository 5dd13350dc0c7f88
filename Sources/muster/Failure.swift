/// Why a command ends early: one line for a person.
struct Failure: Error, Hashable, CustomStringConvertible {
    let message: String
    let exitCode: Int32

    /// The work could not be done: exit code 1, unless whoever called expects another.
    init(_ message: String, exitCode: Int32 = 1) {
        self.message = message
        self.exitCode = exitCode
    }

    /// What was asked for makes no sense: exit code 2.
    init(usage message: String) {
        self.message = message
        exitCode = 2
    }

    var description: String { message }
}
