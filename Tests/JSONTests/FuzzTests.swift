import Foundation
import JSON
import Testing

/// `MUSTER_FUZZ` sets how many inputs are tried, `MUSTER_FUZZ_SEED` which.
@Suite("Random input")
struct FuzzTests {
    static let inputs = setting("MUSTER_FUZZ") ?? 20_000
    static let seed = setting("MUSTER_FUZZ_SEED") ?? 1

    @Test(
        "what we read is what Python's json reads, as the same value",
        .enabled(if: PythonJudge.python != nil, "\(PythonJudge.note)"))
    func likePython() throws {
        var fuzzer = Fuzzer(seed: UInt64(truncatingIfNeeded: Self.seed))
        var accepted = 0
        for start in stride(from: 0, to: Self.inputs, by: 50_000) {
            let texts = (0..<min(50_000, Self.inputs - start)).map { _ in fuzzer.next() }
            let verdicts = try PythonJudge.verdicts(on: texts)
            try #require(verdicts.count == texts.count)
            for (text, verdict) in zip(texts, verdicts) {
                if check(text, against: verdict) { accepted += 1 }
            }
        }
        // A fuzzer whose inputs are all refused, or all accepted, tests little.
        #expect((Self.inputs / 20...Self.inputs / 20 * 19).contains(accepted))
        print("fuzz: \(Self.inputs) inputs, \(accepted) accepted, seed \(Self.seed)")
    }

    /// - Returns: whether the text is JSON.
    private func check(_ text: [UInt8], against verdict: PythonJudge.Verdict) -> Bool {
        let shown = String(decoding: text, as: UTF8.self)
        do throws(JSONSyntaxError) {
            let value = try JSONValue(parsing: text, options: .api)
            if verdict != .printed(value.pythonBytes()) {
                Issue.record("we read \(value), Python says \(verdict): \(shown)")
            }
            if try JSONValue(parsing: value.canonicalBytes(), options: .api) != value {
                Issue.record("canonical text reads back as another value: \(shown)")
            }
            checkDocument(text, isRead: value)
            return true
        } catch {
            if verdict != .refused, error.kind != .depth {
                Issue.record("\(error), but Python says \(verdict): \(shown)")
            }
            return false
        }
    }

    /// Documents are stricter in two things only.
    private func checkDocument(_ text: [UInt8], isRead value: JSONValue) {
        do throws(JSONSyntaxError) {
            guard try JSONValue(parsing: text, options: .document) != value else { return }
            Issue.record("as a document another value: \(value)")
        } catch {
            switch error.kind {
            case .duplicateMember, .loneSurrogate: break
            default: Issue.record("\(error), but only as a document: \(value)")
            }
        }
    }

    @Test("a side that changed nothing takes what the other has, whatever the values")
    func mergeOfOneSide() {
        var fuzzer = Fuzzer(seed: UInt64(truncatingIfNeeded: Self.seed))
        var values: [JSONValue] = []
        while values.count < Self.inputs / 20 {
            if let value = try? JSONValue(parsing: fuzzer.next(), options: .api) {
                values.append(value)
            }
        }
        for (value, other) in zip(values, values.dropFirst()) {
            let ours = mergeJSON(base: value, ours: other, theirs: value)
            let theirs = mergeJSON(base: value, ours: value, theirs: other)
            let both = mergeJSON(base: value, ours: other, theirs: other)
            #expect([ours, theirs, both].allSatisfy { $0.result == other && $0.conflicts.isEmpty })
        }
    }

    private static func setting(_ name: String) -> Int? {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) }
    }
}
