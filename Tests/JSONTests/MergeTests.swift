import JSON
import Testing

@Suite("Three-way merge")
struct MergeTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let base: JSONValue?
        let ours: JSONValue
        let theirs: JSONValue
        let result: JSONValue

        init(
            _ name: String, _ base: JSONValue?, _ ours: JSONValue, _ theirs: JSONValue,
            is result: JSONValue
        ) {
            testDescription = name
            (self.base, self.ours, self.theirs, self.result) = (base, ours, theirs, result)
        }
    }

    @Test(
        "changes of both sides are joined",
        arguments: [
            Case("only ours", ["a": 1], ["a": 2], ["a": 1], is: ["a": 2]),
            Case("only theirs", ["a": 1], ["a": 1], ["a": 2], is: ["a": 2]),
            Case("the same", ["a": 1], ["a": 2], ["a": 2], is: ["a": 2]),
            Case(
                "two members", ["a": 1, "b": 1], ["a": 2, "b": 1], ["a": 1, "b": 2],
                is: ["a": 2, "b": 2]),
            Case(
                "two levels", ["a": ["b": 1, "c": 1]], ["a": ["b": 2, "c": 1]],
                ["a": ["b": 1, "c": 2]],
                is: ["a": ["b": 2, "c": 2]]),
            Case("removed by us", ["a": 1, "b": 1], ["b": 1], ["a": 1, "b": 2], is: ["b": 2]),
            Case("removed by them", ["a": 1, "b": 1], ["a": 1, "b": 2], ["b": 1], is: ["b": 2]),
            Case("removed by both", ["a": 1, "b": 1], ["b": 1], ["b": 1], is: ["b": 1]),
            Case(
                "added by both", nil, ["a": ["x": 1]], ["a": ["y": 2], "b": 3],
                is: ["a": ["x": 1, "y": 2], "b": 3]),
            Case(
                "null is a value", ["a": .null], ["a": .null, "b": 1], ["a": 2],
                is: ["a": 2, "b": 1]),
            Case(
                "strings as a set", ["a", "b"], ["a", "b", "c"], ["b", "d"], is: ["b", "c", "d"]),
            Case(
                "strings inserted", ["a", "b"], ["a", "x", "b"], ["a", "y", "b"],
                is: ["a", "x", "y", "b"]),
            Case(
                "strings reordered by them", ["a", "b", "c"], ["a", "b", "c", "d"],
                ["c", "a", "b"],
                is: ["c", "d", "a", "b"]),
            Case(
                "order of members is theirs when ours is unchanged", ["a": 1, "b": 2],
                ["a": 1, "b": 3], ["b": 2, "a": 1], is: ["b": 3, "a": 1]),
            Case(
                "new members stay behind what they follow", ["a": 1, "z": 1],
                ["a": 1, "b": 1, "z": 1], ["a": 1, "c": 1, "z": 1, "end": 1],
                is: ["a": 1, "b": 1, "c": 1, "z": 1, "end": 1]),
            Case(
                "objects by id", [["id": 1, "t": "x"], ["id": 2, "t": "y"]],
                [["id": 1, "t": "new"], ["id": 2, "t": "y"], ["id": 3]],
                [["id": 0], ["id": 1, "t": "x"], ["id": 2, "t": "y", "u": 1]],
                is: [["id": 0], ["id": 1, "t": "new"], ["id": 2, "t": "y", "u": 1], ["id": 3]]),
            Case(
                "objects by uid before id", [["uid": "a", "id": 1]], [["uid": "a", "id": 2]],
                [["uid": "a", "id": 1, "n": 0]], is: [["uid": "a", "id": 2, "n": 0]]),
            Case("a list changed by one side only", [1, 2], [1, 2], [2, 2, 1], is: [2, 2, 1]),
        ])
    func joined(example: Case) {
        let merge = mergeJSON(base: example.base, ours: example.ours, theirs: example.theirs)
        #expect(merge.result == example.result)
        #expect(merge.conflicts.isEmpty)
    }

    @Test("a member changed on both sides is a conflict, and ours stays")
    func conflict() {
        let merge = mergeJSON(
            base: ["a": ["b/c": 1, "d": 1]], ours: ["a": ["b/c": 2, "d": 1]],
            theirs: ["a": ["b/c": 3, "d": 4]])
        #expect(merge.result == ["a": ["b/c": 2, "d": 4]])
        #expect(merge.conflicts.map(\.pointer.description) == ["/a/b~1c"])
        #expect(merge.conflicts.first?.base == 1)
        #expect(merge.conflicts.first?.ours == 2)
        #expect(merge.conflicts.first?.theirs == 3)
    }

    @Test("changed by one and removed by the other is a conflict")
    func changedAndRemoved() {
        let base: JSONValue = ["a": ["x": 1], "b": ["x": 1]]
        let merge = mergeJSON(base: base, ours: ["b": ["x": 2]], theirs: ["a": ["x": 2]])
        #expect(merge.result == ["b": ["x": 2]])
        #expect(merge.conflicts.count == 2)
        #expect(merge.conflicts.contains { $0.ours == nil && $0.theirs == ["x": 2] })
        #expect(merge.conflicts.contains { $0.ours == ["x": 2] && $0.theirs == nil })
    }

    @Test("elements by identity conflict at their own members, or as a whole when both are new")
    func elements() {
        let merge = mergeJSON(
            base: ["panels": [["id": 7, "title": "a"]]],
            ours: ["panels": [["id": 1], ["id": 7, "title": "b"], ["id": 8, "x": 1]]],
            theirs: ["panels": [["id": 7, "title": "c"], ["id": 8, "y": 1]]])
        #expect(merge.result["panels"]?.array?.last == ["id": 8, "x": 1])
        #expect(merge.conflicts.map(\.pointer.description) == ["/panels/1/title", "/panels/2"])
    }

    @Test(
        "lists without identity are one value",
        arguments: [
            ([1], [1, 2], [0, 1]), ([1], [2], [3]), (["a"], ["a", "a"], ["b"]),
            ([["id": 1]], [["id": 1], ["id": 1]], [["id": 2]]),
            ([["x": 1]], [["x": 2]], [["x": 3]]),
        ] as [(JSONValue, JSONValue, JSONValue)])
    func wholeLists(base: JSONValue, ours: JSONValue, theirs: JSONValue) {
        let merge = mergeJSON(base: base, ours: ours, theirs: theirs)
        #expect(merge.result == ours)
        #expect(merge.conflicts.count == 1)
    }

    @Test("the policy says what lists are and settles conflicts")
    func policy() {
        let policy = JSONMergePolicy(
            lists: { pointer in
                switch pointer.description {
                case "/sets": .set
                case "/named": .byMember("name")
                default: .whole
                }
            },
            resolve: { conflict in
                switch conflict.pointer.description {
                case "/time": max(conflict).map(JSONMergeChoice.value)
                case "/gone": .theirs
                default: nil
                }
            })
        let merge = mergeJSON(
            base: [
                "sets": [1], "named": [["name": "a", "v": 1]], "whole": ["a"], "time": "1",
                "gone": 1,
            ],
            ours: [
                "sets": [1, 2], "named": [["name": "a", "v": 2]], "whole": ["a", "b"], "time": "2",
                "gone": 2,
            ],
            theirs: [
                "sets": [3, 1], "named": [["name": "b"], ["name": "a", "v": 1]],
                "whole": ["c", "a"],
                "time": "3",
            ],
            policy: policy)
        #expect(
            merge.result == [
                "sets": [3, 1, 2], "named": [["name": "b"], ["name": "a", "v": 2]],
                "whole": ["a", "b"], "time": "3",
            ])
        #expect(merge.conflicts.map(\.pointer.description) == ["/whole"])
    }

    @Test("the order of members alone is no change")
    func order() {
        let merge = mergeJSON(
            base: [["a": 1, "b": 2]], ours: [["b": 2, "a": 1]], theirs: [["a": 1, "b": 3]])
        #expect(merge.result == [["a": 1, "b": 3]])
        #expect(merge.conflicts.isEmpty)
    }

    @Test("values of different kinds are merged as a whole")
    func kinds() {
        #expect(mergeJSON(base: [1], ours: ["a": 1], theirs: [1]).result == ["a": 1])
        #expect(mergeJSON(base: "x", ours: "x", theirs: []).result == [])
        #expect(mergeJSON(base: nil, ours: 1, theirs: 2).conflicts.first?.pointer == JSONPointer())
    }

    private func max(_ conflict: JSONMergeConflict) -> JSONValue? {
        guard let ours = conflict.ours?.string, let theirs = conflict.theirs?.string else {
            return nil
        }
        return .string(ours < theirs ? theirs : ours)
    }
}
