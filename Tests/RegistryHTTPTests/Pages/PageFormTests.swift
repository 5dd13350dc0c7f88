import Testing

@testable import RegistryHTTP

@Suite("What a person fills in")
struct PageFormTests {
    @Test("fields are decoded, and spaces around them are nobody's")
    func fields() {
        let form = PageForm("name=+Ada+Lovelace+&text=one%0D%0Atwo%0D%0A&empty=++")
        #expect(form.text("name") == "Ada Lovelace")
        #expect(form.text("text") == "one\ntwo")
        #expect(form.text("empty") == "")
        #expect(form.text("absent") == "")
    }

    @Test("boxes that are ticked and fields under a common name are all given, in order")
    func several() {
        let form = PageForm("path=a&path=b&take%3Ax=ours&take%3Ay=theirs")
        #expect(form.values("path") == ["a", "b"])
        #expect(form.values(under: "take:").map(\.name) == ["x", "y"])
        #expect(form.values(under: "take:").map(\.value) == ["ours", "theirs"])
    }
}
