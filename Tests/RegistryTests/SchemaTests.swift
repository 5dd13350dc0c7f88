import Foundation
import JSON
import Testing

@testable import Registry

@Suite("The schemas of the registry")
struct SchemaTests {
    static let hasJSONSchema = (try? run("import jsonschema", [])) != nil
    static let note: Comment = "python3 has no module jsonschema; `make install-test` installs it"

    static let folder: URL = {
        let beside = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        return beside.appending(path: "registry/schemas")
    }()

    @Test("the server says of every document of the table what the table says")
    func server() throws {
        #expect(SchemaTable.rows.count(where: \.isValid) >= 60)
        #expect(SchemaTable.rows.count { !$0.isValid } >= 60)
        for row in SchemaTable.rows {
            #expect(Self.isValid(row) == row.isValid, "\(row)")
        }
    }

    @Test(
        "the schemas say of every document what the server says", .enabled(if: hasJSONSchema, note))
    func schemas() throws {
        let rows = SchemaTable.rows
        let verdicts = try Self.run(
            """
            import json, sys
            from jsonschema import Draft202012Validator
            for line in sys.stdin:
                path, text = json.loads(line)
                schema = json.load(open(path, encoding="utf-8"))
                print(Draft202012Validator(schema).is_valid(json.loads(text)))
            """,
            rows.map { row in
                let path = Self.folder.appending(path: "\(row.schema).schema.json").path
                return [.text(path), .text(row.text)]
            })
        #expect(verdicts.count == rows.count)
        for (row, verdict) in zip(rows, verdicts) {
            #expect((verdict == "True") == row.isValid, "\(row)")
        }
    }

    @Test(
        "the schemas are JSON Schema 2020-12, and their examples are valid",
        .enabled(if: hasJSONSchema, note))
    func metaschema() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
        #expect(names.count == 15)
        let verdicts = try Self.run(
            """
            import json, sys
            from jsonschema import Draft202012Validator
            for line in sys.stdin:
                schema = json.load(open(json.loads(line), encoding="utf-8"))
                Draft202012Validator.check_schema(schema)
                for example in schema["examples"]:
                    Draft202012Validator(schema).validate(example)
                print("description" in schema)
            """, names.map { .text(Self.folder.appending(path: $0).path) })
        #expect(verdicts == names.map { _ in "True" })
    }

    @Test("the server takes the examples of the schemas")
    func examples() throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: Self.folder.path) {
            let bytes = [UInt8](try Data(contentsOf: Self.folder.appending(path: name)))
            let schema = try JSONValue(parsing: bytes, options: .document)
            #expect(schema.canonicalBytes() == bytes, "\(name) is not canonical")
            for example in try #require(schema["examples"]?.array) {
                let kind = String(name.prefix { $0 != "." })
                let uid = example["uid"]?.text ?? "robot-1"
                let row = SchemaTable.Row(schema: kind, isValid: true, text: example.description)
                #expect(Self.isValid(row, uid), "\(row)")
            }
        }
    }

    private static func isValid(_ row: SchemaTable.Row, _ uid: String = "robot-1") -> Bool {
        let collections: [String: Registry.Collection] = [
            "device": .devices, "certificate": .certificates, "rule_file": .lokiAlertRules,
            "grafana_dashboard": .grafanaDashboards, "foxglove_dashboard": .foxgloveDashboards,
            "craton_project": .cratonProjects, "craton_user": .cratonUsers,
            "craton_cloud": .cratonClouds, "craton_region": .cratonRegions,
            "craton_cell": .cratonCells, "craton_network": .cratonNetworks,
            "craton_interface": .cratonInterfaces, "variables": .regionVariables,
        ]
        guard let id = DocumentID(uid) else { return false }
        if row.schema == "policy" { return (try? Policy(parsing: file(row.text))) != nil }
        guard let collection = collections[row.schema] else {
            return (try? RegistrySettings(parsing: file(row.text))) != nil
        }
        return (try? PreparedDocument(.init(collection, id), bytes: file(row.text))) != nil
    }

    /// Runs Python with one line of JSON for each value, and gives the lines that it prints.
    private static func run(_ script: String, _ input: [JSONValue]) throws -> [String] {
        let lines = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: lines) }
        try Data(input.flatMap { $0.compactBytes() + [0x0A] }).write(to: lines)
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script]
        process.standardInput = try FileHandle(forReadingFrom: lines)
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw PythonFailure() }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private struct PythonFailure: Error {}
}
