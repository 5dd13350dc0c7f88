/// One thing that `muster doctor` looked at.
struct Finding: Hashable, Sendable {
    enum Verdict: String, Sendable {
        case ok
        case warning
        case problem
    }

    let verdict: Verdict
    /// What was looked at, and what was found.
    let text: String
    /// What to do about it; a command where one does it.
    let advice: String?

    init(_ verdict: Verdict, _ text: String, advice: String? = nil) {
        self.verdict = verdict
        self.text = text
        self.advice = advice
    }

    /// `warning  text`, and the advice in a line of its own.
    var line: String {
        let mark = verdict.rawValue + String(repeating: " ", count: 9 - verdict.rawValue.count)
        return mark + text + (advice.map { "\n         -> \($0)" } ?? "")
    }
}
