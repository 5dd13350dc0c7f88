import JSON
import Testing

@Suite("JSON patch")
struct JSONPatchTests {
    private func patched(_ target: String, _ patch: String) throws -> String {
        let target = try JSONValue(parsing: target, options: .document)
        let patch = try JSONPatch(JSONValue(parsing: patch, options: .document))
        return try target.patched(with: patch).description
    }

    @Test(
        "the examples of RFC 6902, appendix A, that succeed",
        arguments: [
            // A.1 to A.8
            (
                #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux"}]"#,
                #"{"foo":"bar","baz":"qux"}"#
            ),
            (
                #"{"foo":["bar","baz"]}"#, #"[{"op":"add","path":"/foo/1","value":"qux"}]"#,
                #"{"foo":["bar","qux","baz"]}"#
            ),
            (
                #"{"baz":"qux","foo":"bar"}"#, #"[{"op":"remove","path":"/baz"}]"#,
                #"{"foo":"bar"}"#
            ),
            (
                #"{"foo":["bar","qux","baz"]}"#, #"[{"op":"remove","path":"/foo/1"}]"#,
                #"{"foo":["bar","baz"]}"#
            ),
            (
                #"{"baz":"qux","foo":"bar"}"#,
                #"[{"op":"replace","path":"/baz","value":"boo"}]"#,
                #"{"baz":"boo","foo":"bar"}"#
            ),
            (
                #"{"foo":{"bar":"baz","waldo":"fred"},"qux":{"corge":"grault"}}"#,
                #"[{"op":"move","from":"/foo/waldo","path":"/qux/thud"}]"#,
                #"{"foo":{"bar":"baz"},"qux":{"corge":"grault","thud":"fred"}}"#
            ),
            (
                #"{"foo":["all","grass","cows","eat"]}"#,
                #"[{"op":"move","from":"/foo/1","path":"/foo/3"}]"#,
                #"{"foo":["all","cows","eat","grass"]}"#
            ),
            (
                #"{"baz":"qux","foo":["a",2,"c"]}"#,
                ##"[{"op":"test","path":"/baz","value":"qux"},"##
                    + ##"{"op":"test","path":"/foo/1","value":2}]"##,
                #"{"baz":"qux","foo":["a",2,"c"]}"#
            ),
            // A.10, A.11, A.14, A.16
            (
                #"{"foo":"bar"}"#, #"[{"op":"add","path":"/child","value":{"grandchild":{}}}]"#,
                #"{"foo":"bar","child":{"grandchild":{}}}"#
            ),
            (
                #"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz","value":"qux","xyz":123}]"#,
                #"{"foo":"bar","baz":"qux"}"#
            ),
            (
                #"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":10}]"#,
                #"{"/":9,"~1":10}"#
            ),
            (
                #"{"foo":["bar"]}"#, #"[{"op":"add","path":"/foo/-","value":["abc","def"]}]"#,
                #"{"foo":["bar",["abc","def"]]}"#
            ),
            // What the sections say besides.
            (#"{"a":1}"#, #"[{"op":"add","path":"","value":[1]}]"#, "[1]"),
            (#"{"a":1}"#, #"[{"op":"add","path":"/a","value":2}]"#, #"{"a":2}"#),
            (#"{"a":null}"#, #"[{"op":"replace","path":"/a","value":1}]"#, #"{"a":1}"#),
            (#"{"a":[1]}"#, #"[{"op":"copy","from":"/a","path":"/b"}]"#, #"{"a":[1],"b":[1]}"#),
            (#"{"a":1}"#, #"[{"op":"move","from":"/a","path":"/a"}]"#, #"{"a":1}"#),
            (#"{"a":1.0}"#, #"[{"op":"test","path":"/a","value":10e-1}]"#, #"{"a":1.0}"#),
            (
                #"{"a":{"x":1,"y":2}}"#,
                #"[{"op":"test","path":"/a","value":{"y":2.0,"x":1}}]"#, #"{"a":{"x":1,"y":2}}"#
            ),
            (
                #"{"a":{"b":[{"c":1}]}}"#, #"[{"op":"remove","path":"/a/b/0/c"}]"#,
                #"{"a":{"b":[{}]}}"#
            ),
        ])
    func examples(target: String, patch: String, result: String) throws {
        #expect(try patched(target, patch) == result)
    }

    @Test(
        "what a patch may not do is named with its operation",
        arguments: [
            // A.9, A.12, A.15
            (#"{"baz":"qux"}"#, #"[{"op":"test","path":"/baz","value":"bar"}]"#, .testFailed, 0),
            (#"{"foo":"bar"}"#, #"[{"op":"add","path":"/baz/bat","value":"qux"}]"#, .missing, 0),
            (#"{"/":9,"~1":10}"#, #"[{"op":"test","path":"/~01","value":"10"}]"#, .testFailed, 0),
            (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/2","value":1}]"#, .missing, 0),
            (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/01","value":1}]"#, .missing, 0),
            (#"{"a":[1]}"#, #"[{"op":"remove","path":"/a/-"}]"#, .missing, 0),
            (#"{"a":1}"#, #"[{"op":"replace","path":"/b","value":1}]"#, .missing, 0),
            (
                #"{"a":1}"#, #"[{"op":"remove","path":"/a"},{"op":"remove","path":"/a"}]"#,
                .missing, 1
            ),
            (#"{"a":{}}"#, #"[{"op":"move","from":"/a","path":"/a/b"}]"#, .malformed, 0),
            (#"{"a":1}"#, #"[{"op":"remove","path":""}]"#, .malformed, 0),
            (#"{}"#, #"[{"op":"spam","path":""}]"#, .malformed, 0),
            (#"{}"#, #"[{"op":"add","path":"a","value":1}]"#, .malformed, 0),
            (#"{}"#, #"[{"op":"add","path":"/a"}]"#, .malformed, 0),
            (#"{}"#, #"[1]"#, .malformed, 0),
            (#"{}"#, #"{"op":"add"}"#, .malformed, nil),
        ] as [(String, String, JSONPatchError.Kind, Int?)])
    func refused(target: String, patch: String, kind: JSONPatchError.Kind, index: Int?) throws {
        let error = #expect(throws: JSONPatchError.self) { try patched(target, patch) }
        #expect(error?.kind == kind && error?.index == index)
    }

    @Test("copies of copies end before they fill the memory")
    func growth() throws {
        let copies = (0..<60).map { ##"{"op":"copy","from":"","path":"/x\##($0)"}"## }
        let error = #expect(throws: JSONPatchError.self) {
            try patched(#"{"a":1}"#, "[\(copies.joined(separator: ","))]")
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test("no document gets deeper than one that can be read")
    func depth() throws {
        let deeper = (0..<600).map { _ in
            ##"{"op":"move","from":"/a","path":"/b"},"##
                + ##"{"op":"add","path":"/a","value":{}},{"op":"move","from":"/b","path":"/a/a"}"##
        }
        let error = #expect(throws: JSONPatchError.self) {
            try patched(#"{"a":1}"#, "[\(deeper.joined(separator: ","))]")
        }
        #expect(error?.kind == .tooLarge)
    }

    @Test("ten thousand operations on a long list take well under a second each way")
    func many() throws {
        let steps = (0..<10_000).map { ##"{"op":"add","path":"/a/0","value":\##($0)}"## }
        let result = try patched(#"{"a":[]}"#, "[\(steps.joined(separator: ","))]")
        #expect(result.hasPrefix(#"{"a":[9999,9998"#))
        #expect(throws: JSONPatchError.self) {
            try patched("{}", "[\((steps + steps).joined(separator: ","))]")
        }
    }

    @Test(
        "numbers are compared by what they are",
        arguments: [
            ("1", "1.0", true), ("100", "1e2", true), ("-0", "0.00", true), ("0.01", "1E-2", true),
            ("1", "-1", false), ("1e400", "1e401", false), ("1e400", "10e399", true),
            ("123456789012345678901234567890", "123456789012345678901234567891", false),
        ])
    func numbers(left: String, right: String, same: Bool) throws {
        let left = try #require(JSONNumber(literal: left))
        let right = try #require(JSONNumber(literal: right))
        #expect(left.hasSameValue(as: right) == same)
    }
}
