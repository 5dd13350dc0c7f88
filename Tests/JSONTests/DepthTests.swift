import Foundation
import JSON
import Synchronization
import Testing

@Suite("Deep values")
struct DepthTests {
    @Test("everything works on 512 levels with a stack of 512 KiB", arguments: ["[", "{\"a\":"])
    func smallStack(opening: String) throws {
        let closing = opening == "[" ? "]" : "}"
        let text = [opening, closing].map { String(repeating: $0, count: 512) }.joined(
            separator: "1")
        let finished = DispatchSemaphore(value: 0)
        let outcome = Mutex(false)
        let thread = Thread {
            let isRight = Self.exercise(text)
            outcome.withLock { $0 = isRight }
            finished.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        finished.wait()
        #expect(outcome.withLock { $0 })
    }

    private static func exercise(_ text: String) -> Bool {
        let changed = text.replacing("1", with: "2")
        guard let value = try? JSONValue(parsing: text, options: .document),
            let other = try? JSONValue(parsing: changed, options: .document),
            let copy = try? JSONValue(parsing: value.canonicalBytes(), options: .document)
        else { return false }
        let merge = mergeJSON(base: value, ours: copy, theirs: other)
        return copy == value && copy.hashValue == value.hashValue && copy.isEquivalent(to: value)
            && other != value && value.mergePatched(with: other) == other && merge.result == other
            && value.compactBytes() == Array(text.utf8)
            && value.pythonBytes().count >= text.utf8.count
    }
}
