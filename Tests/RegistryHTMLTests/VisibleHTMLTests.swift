import Testing

@testable import RegistryHTML

@Suite("Showing text as text")
struct VisibleHTMLTests {
    @Test(
        "what HTML gives a meaning is escaped",
        arguments: [
            ("plain", "plain"), ("<b>", "&lt;b&gt;"), ("a & b", "a &amp; b"),
            ("\"'", "&quot;&#39;"), ("é 漢 👩‍🔧", "é 漢 👩‍🔧"), ("", ""),
        ])
    func escaping(text: String, html: String) { #expect(VisibleHTML.escape(text) == html) }

    @Test(
        "a combining mark does not shield the character before it",
        arguments: ["<", ">", "&", "\"", "'"], ["\u{301}", "\u{FE0F}", "\u{200D}", "\u{20DD}"])
    func combining(mark: String, combining: String) {
        #expect(!VisibleHTML.escape(mark + combining).utf8.starts(with: (mark + combining).utf8))
    }

    @Test(
        "what has no glyph becomes one",
        arguments: [
            ("\u{0}", "␀"), ("\u{1B}[31m", "␛[31m"), ("\u{7F}", "␡"), ("a\u{202E}b", "a‹U+202E›b"),
            ("\u{2066}", "‹U+2066›"), ("\u{85}", "‹U+0085›"), ("\u{FEFF}", "‹U+FEFF›"),
            ("\u{E0041}", "‹U+E0041›"), ("a\rb", "a␍b"), ("a\r", "a␍"),
        ])
    func invisible(text: String, html: String) { #expect(VisibleHTML.escape(text) == html) }

    @Test("lines and tabs stay, and a return before a newline goes")
    func lines() { #expect(VisibleHTML.escape("a\tb\r\nc\n") == "a\tb\nc\n") }
}
