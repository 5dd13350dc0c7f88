import JSON
import Testing

@Suite("Merge patch")
struct MergePatchTests {
    @Test(
        "the table of RFC 7396, appendix A, holds",
        arguments: [
            (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"b"}"#, #"{"b":"c"}"#, #"{"a":"b","b":"c"}"#),
            (#"{"a":"b"}"#, #"{"a":null}"#, #"{}"#),
            (#"{"a":"b","b":"c"}"#, #"{"a":null}"#, #"{"b":"c"}"#),
            (#"{"a":["b"]}"#, #"{"a":"c"}"#, #"{"a":"c"}"#),
            (#"{"a":"c"}"#, #"{"a":["b"]}"#, #"{"a":["b"]}"#),
            (#"{"a":{"b":"c"}}"#, #"{"a":{"b":"d","c":null}}"#, #"{"a":{"b":"d"}}"#),
            (#"{"a":[{"b":"c"}]}"#, #"{"a":[1]}"#, #"{"a":[1]}"#),
            (#"["a","b"]"#, #"["c","d"]"#, #"["c","d"]"#),
            (#"{"a":"b"}"#, #"["c"]"#, #"["c"]"#),
            (#"{"a":"foo"}"#, #"null"#, #"null"#),
            (#"{"a":"foo"}"#, #""bar""#, #""bar""#),
            (#"{"e":null}"#, #"{"a":1}"#, #"{"e":null,"a":1}"#),
            (#"[1,2]"#, #"{"a":"b","c":null}"#, #"{"a":"b"}"#),
            (#"{}"#, #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#),
        ])
    func table(target: String, patch: String, result: String) throws {
        let target = try JSONValue(parsing: target, options: .document)
        let patch = try JSONValue(parsing: patch, options: .document)
        #expect(target.mergePatched(with: patch).description == result)
    }

    @Test("members keep their places")
    func order() throws {
        let target: JSONValue = ["z": 1, "y": ["b": 1, "a": 2], "x": 3]
        let patched = target.mergePatched(with: ["a": 4, "y": ["a": 5, "c": 6], "z": 7])
        #expect(patched.description == #"{"z":7,"y":{"b":1,"a":5,"c":6},"x":3,"a":4}"#)
    }

    @Test("many members are removed in one pass")
    func manyRemovals() {
        let names = (0..<20_000).map { JSONString("\($0)") }
        let target = JSONValue.object(JSONObject(names.map { ($0, 1) }))
        let patch = JSONValue.object(JSONObject(names.map { ($0, .null) }))
        #expect(target.mergePatched(with: patch) == [:])
    }
}
