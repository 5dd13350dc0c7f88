import JSON
import Registry
import Testing

@testable import RegistryHTTP

@Suite("Targets for Prometheus")
struct PrometheusTargetsTests {
    private static let text = #"""
        {"uid": "r", "creation_date": "2026-01-01T00:00:00Z", "address": "fd00::1", "region": "hall",
         "kind": "device", "annotations": {"rack-no.": 7, "note": "é\"", "on": true, "list": [1]}}
        """#

    private func group(_ query: String) throws -> JSONValue? {
        let id = try #require(DocumentID("r"))
        let document = try PreparedDocument(
            DocumentKey(.devices, id), bytes: Array(Self.text.utf8))
        let device = try #require(document.content as? Device)
        return PrometheusTargets(selection: try .init(RawQuery(query))).group(of: device)
    }

    @Test("a device is a target with what is known of it; names are fit for Prometheus")
    func labels() throws {
        let group = try #require(try group("port=9100"))
        #expect(group["targets"] == ["[fd00::1]:9100"])
        let labels = try #require(group["labels"]?.object)
        #expect(labels["__meta_muster_name"] == "r" && labels["__meta_muster_kind"] == "device")
        #expect(labels["__meta_muster_region"] == "hall" && labels["__meta_muster_parent"] == nil)
        #expect(labels["__meta_muster_annotation_rack_no_"] == "7")
        #expect(labels["__meta_muster_annotation_note"] == "é\"")
        #expect(labels["__meta_muster_annotationpresent_on"] == "true")
        #expect(labels["__meta_muster_annotation_list"] == nil)
    }

    @Test(
        "only those that are asked for",
        arguments: ["kind=device", "region=hall", "region=hall&kind=device"])
    func chosen(query: String) throws { #expect(try group(query) != nil) }

    @Test("and no others", arguments: ["kind=host", "region=", "region=Hall", "parent=x"])
    func others(query: String) throws { #expect(try group(query) == nil) }

    @Test(
        "a query that makes no sense is refused",
        arguments: ["port=0", "port=65536", "port=x", "kind=x", "parent=", "x="])
    func refused(query: String) { #expect(throws: NativeError.self) { try group(query) } }
}
