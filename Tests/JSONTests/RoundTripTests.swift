import Foundation
import JSON
import Testing

@Suite(
    "Round trip of real dashboards", .enabled(if: SharedData.folder != nil, "\(SharedData.note)"))
struct RoundTripTests {
    @Test("there are dashboards to read")
    func presence() { #expect(SharedData.dashboards.count >= 8) }

    @Test(
        "every form reads back as the same value, order and numbers included",
        arguments: SharedData.dashboards)
    func forms(file: URL) throws {
        let value = try JSONValue(parsing: Data(contentsOf: file), options: .document)
        for bytes in [value.canonicalBytes(), value.compactBytes(), value.pythonBytes()] {
            #expect(try JSONValue(parsing: bytes, options: .document) == value)
        }
        let bytes = value.canonicalBytes()
        #expect(try JSONValue(parsing: bytes, options: .document).canonicalBytes() == bytes)
    }

    @Test(
        "Python prints what we print for it",
        .enabled(if: PythonJudge.python != nil, "\(PythonJudge.note)"))
    func python() throws {
        let texts = try SharedData.dashboards.map { [UInt8](try Data(contentsOf: $0)) }
        let verdicts = try PythonJudge.verdicts(on: texts)
        #expect(verdicts.count == texts.count)
        for (text, verdict) in zip(texts, verdicts) {
            let value = try JSONValue(parsing: text, options: .document)
            #expect(verdict == .printed(value.pythonBytes()))
        }
    }
}
