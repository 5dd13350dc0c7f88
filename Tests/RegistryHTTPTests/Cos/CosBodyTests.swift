import HTTPTypes
import JSON
import Testing

@testable import RegistryHTTP

@Suite("Bodies of the COS API")
struct CosBodyTests {
    @Test("none is an empty object, whatever type it claims", arguments: ["", "text/plain"])
    func empty(type: String) throws {
        #expect(try JSONValue(cosBody: [], contentType: type) == [:])
    }

    @Test(
        "JSON is named in any letter case and with any parameter",
        arguments: ["application/json", "Application/JSON ; charset=utf-8"])
    func json(type: String) throws {
        let body = try JSONValue(cosBody: Array(#"{"a":1,"a":2}"#.utf8), contentType: type)
        #expect(body == ["a": 2])
    }

    @Test("a form names lists by repetition, and the last of everything else counts")
    func form() throws {
        let form =
            "uid=a&uid=b+c&grafana_dashboards=x&loki_alert_rule_files=1&loki_alert_rule_files=2"
        let body = try JSONValue(
            cosBody: Array(form.utf8), contentType: "application/x-www-form-urlencoded")
        #expect(
            body == [
                "uid": "b c", "grafana_dashboards": ["x"], "loki_alert_rule_files": ["1", "2"],
            ])
    }

    @Test(
        "other types are refused by the name that they came with",
        arguments: [
            "", "text/plain", "application/vnd.api+json", "multipart/form-data; boundary=x",
        ])
    func unsupported(type: String) {
        #expect(throws: CosBodyError.mediaType(type)) {
            try JSONValue(cosBody: Array("{}".utf8), contentType: type)
        }
    }
}

@Suite("Names of downloads")
struct AttachmentNameTests {
    @Test(
        "have an extended form where the plain one cannot hold them",
        arguments: [
            ("a b%.json", #"attachment; filename="a b%.json""#),
            ("a\"b\\", #"attachment; filename="a_b_"; filename*=UTF-8''a%22b%5C"#),
            ("é", #"attachment; filename="_"; filename*=UTF-8''%C3%A9"#),
        ])
    func name(name: String, disposition: String) {
        #expect(attachment(named: name) == disposition)
    }
}

@Suite("Messages for commits")
struct CommitMessageTests {
    private func message(_ text: String) -> String? {
        let field = HTTPField(name: .commitMessage, value: text)
        return HTTPFields([field]).commitMessage
    }

    @Test(
        "become no trailers",
        arguments: [
            ("Request-Id: forged", "- Request-Id: forged"), ("Fix : it", "- Fix : it"),
            ("(cherry picked from commit 1)", "- (cherry picked from commit 1)"),
            ("--- a/devices", "- --- a/devices"),
            ("Moved to hall 3: the lift", "Moved to hall 3: the lift"), ("plain", "plain"),
        ])
    func trailers(text: String, line: String) { #expect(message(text) == line) }

    @Test("end at 4 KiB, at the end of a character")
    func length() {
        let line = message("x" + String(repeating: "é", count: 4000))
        #expect(line?.utf8.count == 4095)
        #expect(message("") == nil)
    }
}
