import Foundation
import JSON
import Synchronization
import Testing

@testable import Registry

@Suite("Merging documents")
struct DocumentMergeTests {
    private let device = "devices/robot-1.json"
    private let dashboard = "grafana_dashboards/d.json"

    private func bytes(_ value: JSONValue) -> [UInt8] { value.canonicalBytes() }

    private func robot(_ change: (inout JSONObject) -> Void = { _ in }) -> [UInt8] {
        var object: JSONObject = [
            "uid": "robot-1", "creation_date": "2026-01-31T10:00:00Z", "address": "10.0.0.7",
            "grafana_dashboards": ["b", "d"],
        ]
        change(&object)
        return JSONValue.object(object).canonicalBytes()
    }

    private func merge(
        _ base: [UInt8]?, _ ours: [UInt8], _ theirs: [UInt8], _ path: String,
        resolve: @escaping DocumentMerge.Resolver = { _ in nil }
    ) throws -> (value: JSONValue?, conflicts: [MergeConflict]) {
        let merge = DocumentMerge.merge(
            base: base, ours: ours, theirs: theirs, path: path, resolve: resolve)
        let value = try merge.bytes.map { try JSONValue(parsing: $0, options: .document) }
        return (value, merge.conflicts)
    }

    @Test("different members of a device join, and its lists stay in their order")
    func members() throws {
        let merge = try merge(
            robot(),
            robot {
                $0["address"] = "10.0.0.8"
                $0["grafana_dashboards"] = ["b", "c", "d"]
            },
            robot { $0["grafana_dashboards"] = ["a", "b"] }, device)
        #expect(merge.conflicts.isEmpty)
        #expect(merge.value?["address"] == "10.0.0.8")
        #expect(merge.value?["grafana_dashboards"] == ["a", "b", "c"])
    }

    @Test("a member that both changed is a conflict that names its place and all values")
    func conflict() throws {
        let merge = try merge(
            robot(), robot { $0["address"] = "10.0.0.8" }, robot { $0["address"] = "10.0.0.9" },
            device)
        #expect(
            merge.conflicts == [
                MergeConflict(
                    path: device, pointer: JSONPointer(tokens: ["address"]), base: "10.0.0.7",
                    ours: "10.0.0.8", theirs: "10.0.0.9", reason: "both sides changed it")
            ])
        #expect(merge.value?["address"] == "10.0.0.8")
        #expect(
            merge.conflicts[0].summary
                == "devices/robot-1.json /address: both sides changed it "
                + "(ours \"10.0.0.8\", theirs \"10.0.0.9\")")
        #expect(MergeConflict(merge.conflicts[0].json) == merge.conflicts[0])
    }

    @Test("a person's choice settles a conflict, the absence of a value included")
    func choice() throws {
        let ours = robot {
            $0["address"] = "10.0.0.8"
            $0["annotations"] = ["rack": 2]
        }
        let theirs = robot { $0["address"] = "10.0.0.9" }
        let base = robot { $0["annotations"] = ["rack": 1] }
        let merge = try merge(base, ours, theirs, device) { conflict in
            conflict.pointer?.description == "/annotations" ? .theirs : .ours
        }
        #expect(merge.conflicts.isEmpty)
        #expect(merge.value?["address"] == "10.0.0.8")
        #expect(merge.value?["annotations"] == nil)
    }

    @Test("of times that answers show the later stays, and the first creation")
    func times() throws {
        func robot(_ created: String, _ updated: String) -> [UInt8] {
            self.robot {
                $0["creation_date"] = .text(created)
                $0["craton"] = ["updated_at": .text(updated)]
            }
        }
        let merge = try merge(
            nil, robot("2026-01-31T10:00:00Z", "2026-02-01T10:00:00Z"),
            robot("2026-01-30T10:00:00Z", "2026-02-01T12:00:00+01:00"), device)
        #expect(merge.conflicts.isEmpty)
        #expect(merge.value?["creation_date"] == "2026-01-30T10:00:00Z")
        #expect(merge.value?["craton"] == ["updated_at": "2026-02-01T12:00:00+01:00"])
    }

    @Test("panels are told apart by id, queries and variables by name, and versions only rise")
    func grafana() throws {
        let base: JSONValue = [
            "uid": "d", "title": "D", "version": 3,
            "panels": [["id": 1, "title": "a", "targets": [["refId": "A", "expr": "x"]]]],
            "templating": ["list": [["name": "host", "query": "up"]]],
        ]
        let ours: JSONValue = [
            "uid": "d", "title": "D", "version": 5,
            "panels": [
                ["id": 2, "title": "new"],
                ["id": 1, "title": "a", "targets": [["refId": "A", "expr": "y"]]],
            ], "templating": ["list": [["name": "host", "query": "up"], ["name": "site"]]],
        ]
        let theirs: JSONValue = [
            "uid": "d", "title": "D", "version": 4,
            "panels": [
                [
                    "id": 1, "title": "b",
                    "targets": [["refId": "A", "expr": "x"], ["refId": "B", "expr": "z"]],
                ]
            ], "templating": ["list": [["name": "host", "query": "down"]]],
        ]
        let merge = try merge(bytes(base), bytes(ours), bytes(theirs), dashboard)
        #expect(merge.conflicts.isEmpty)
        #expect(merge.value?["version"] == 5)
        #expect(
            merge.value?["panels"] == [
                ["id": 2, "title": "new"],
                [
                    "id": 1, "title": "b",
                    "targets": [["refId": "A", "expr": "y"], ["refId": "B", "expr": "z"]],
                ],
            ])
        #expect(
            merge.value?["templating"] == [
                "list": [["name": "host", "query": "down"], ["name": "site"]]
            ])
    }

    @Test("a document that would not be valid is not written")
    func invalid() {
        let base = robot()
        // Each side may name a device as it likes, but not with a region that is no uid.
        let ours = file("{\"uid\": \"robot-1\", \"creation_date\": 1}")
        let theirs = robot { $0["address"] = "10.0.0.9" }
        let merge = DocumentMerge.merge(base: base, ours: ours, theirs: theirs, path: device)
        #expect(merge.bytes == nil)
        #expect(
            merge.conflicts.last?.reason.hasPrefix("the joined document is not valid: ") == true)
        let chosen = DocumentMerge.merge(
            base: base, ours: ours, theirs: theirs, path: device, resolve: { _ in .theirs })
        #expect(chosen.bytes == theirs && chosen.conflicts.isEmpty)
    }

    @Test("one side's new form is no change, and the other's form stays where lines allow")
    func form() throws {
        let wide = file(
            "{\n    \"uid\": \"d\",\n    \"a\": 1,\n    \"b\": [\n        1\n    ]\n}\n")
        let tight = file("{\"uid\":\"d\",\"a\":1,\"b\":[1]}")
        let changed = file("{\"uid\":\"d\",\"a\":2,\"b\":[1]}")
        #expect(
            DocumentMerge.merge(base: tight, ours: wide, theirs: changed, path: dashboard).bytes
                == changed)
        let left = file(String(decoding: wide, as: UTF8.self).replacing("\"d\"", with: "\"e\""))
        let right = file(String(decoding: wide, as: UTF8.self).replacing("    1", with: "    2"))
        let merge = DocumentMerge.merge(base: wide, ours: left, theirs: right, path: "x.json")
        #expect(merge.conflicts.isEmpty)
        #expect(
            merge.bytes.map { String(decoding: $0, as: UTF8.self) }
                == "{\n    \"uid\": \"e\",\n    \"a\": 1,\n    \"b\": [\n        2\n    ]\n}\n")
    }

    @Test("rule files join by lines, and a file that is no text not at all")
    func text() {
        let path = "prometheus_alert_rules/r.rules"
        let base = file("groups:\n# one\n- name: a\n  rules: []\n# two\n- name: b\n  rules: []\n")
        func changed(_ old: String, _ new: String) -> [UInt8] {
            file(String(decoding: base, as: UTF8.self).replacing(old, with: new))
        }
        let merge = DocumentMerge.merge(
            base: base, ours: changed("one", "1"), theirs: changed("name: b", "name: c"),
            path: path)
        #expect(merge.conflicts.isEmpty)
        #expect(
            merge.bytes
                == file("groups:\n# 1\n- name: a\n  rules: []\n# two\n- name: c\n  rules: []\n"))
        let conflict = DocumentMerge.merge(
            base: base, ours: changed("one", "1"), theirs: changed("one", "I"), path: path)
        #expect(conflict.conflicts.map(\.reason) == ["both sides changed the same lines"])
        #expect(conflict.bytes == changed("one", "1"))
        let binary = DocumentMerge.merge(
            base: [1], ours: [0, 1], theirs: [0, 2], path: "logo.png")
        #expect(binary.bytes == nil && binary.conflicts.count == 1)
    }

    @Test("marks surround the lines that have to be decided, and either side of them is JSON")
    func marks() throws {
        let ours = robot {
            $0["address"] = "10.0.0.8"
            $0["region"] = "north"
        }
        let text = try #require(
            DocumentMerge.marked(
                base: robot(), ours: ours, theirs: robot { $0["address"] = "10.0.0.9" },
                path: device, marks: ConflictMarks(ours: "HEAD", theirs: "topic")))
        #expect(
            String(decoding: text, as: UTF8.self).contains(
                """
                <<<<<<< HEAD
                  "address": "10.0.0.8",
                =======
                  "address": "10.0.0.9",
                >>>>>>> topic
                """))
        #expect(String(decoding: text, as: UTF8.self).contains("\"region\": \"north\""))
    }

    // MARK: Properties

    private static let dashboards = ["grafana_dashboards", "foxglove_dashboards"]

    @Test(
        "a real dashboard: a side that changed nothing takes the other's, byte for byte",
        .enabled(if: SharedData.isThere, SharedData.condition), arguments: dashboards)
    func oneSide(folder: String) throws {
        for (name, file) in try SharedData.files(in: folder) {
            let value = try JSONValue(parsing: file, options: .document)
            let canonical = value.canonicalBytes()
            let path = "\(folder)/\(name)"
            for (base, changed) in [(file, canonical), (canonical, file)] {
                let ours = DocumentMerge.merge(
                    base: base, ours: changed, theirs: base, path: path)
                let theirs = DocumentMerge.merge(
                    base: base, ours: base, theirs: changed, path: path)
                #expect(ours.bytes == changed && theirs.bytes == changed, "\(name)")
            }
        }
    }

    @Test(
        "a real dashboard: changes of different members join alike from both sides",
        .enabled(if: SharedData.isThere, SharedData.condition), arguments: dashboards)
    func bothSides(folder: String) throws {
        for (name, file) in try SharedData.files(in: folder) {
            var object = try #require(try JSONValue(parsing: file, options: .document).object)
            let base = JSONValue.object(object).canonicalBytes()
            object["muster left"] = [1, 2]
            let left = JSONValue.object(object).canonicalBytes()
            object["muster left"] = nil
            if var panels = object["panels"]?.array, !panels.isEmpty {
                panels.swapAt(0, panels.count - 1)
                object["panels"] = .array(panels)
            }
            let title = object["title"] == nil ? "layout" : "title"
            object[JSONString(title)] = "another"
            let right = JSONValue.object(object).canonicalBytes()
            object["muster left"] = [1, 2]
            for (ours, theirs) in [(left, right), (right, left)] {
                let path = "\(folder)/\(name)"
                let merge = DocumentMerge.merge(
                    base: base, ours: ours, theirs: theirs, path: path)
                let joined = merge.bytes.flatMap { try? JSONValue(parsing: $0, options: .document) }
                #expect(merge.conflicts.isEmpty, "\(name)")
                #expect(joined?.isEquivalent(to: .object(object)) == true, "\(name)")
            }
        }
    }

    @Test("512 levels fit the stack of any thread")
    func deep() {
        @Sendable func text(_ leaf: Int) -> [UInt8] {
            let (start, end) = (String(repeating: "{\"a\":", count: 511), "}")
            return file("\(start)[\(leaf)]" + String(repeating: end, count: 511))
        }
        let finished = DispatchSemaphore(value: 0)
        let outcome = Mutex<DocumentMerge?>(nil)
        let thread = Thread {
            let merge = DocumentMerge.merge(
                base: text(0), ours: text(1), theirs: text(2), path: "x.json")
            outcome.withLock { $0 = merge }
            finished.signal()
        }
        thread.stackSize = 512 << 10
        thread.start()
        finished.wait()
        #expect(outcome.withLock { $0 }?.conflicts.count == 1)
    }
}
