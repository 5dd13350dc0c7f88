import Testing

@testable import muster

@Suite("The command line")
struct CommandLineTests {
    @Test(
        "what is not understood ends with 2",
        arguments: [
            ["serve", "--prot", "1"], ["init"], ["nonsense"], ["init", "x", "--devices", "-1"],
        ])
    func usage(arguments: [String]) async { #expect(await Muster.run(arguments) == 2) }

    @Test(
        "help and version end with 0",
        arguments: [["--help"], ["--version"], ["help", "serve"], ["init", "-h"]])
    func help(arguments: [String]) async { #expect(await Muster.run(arguments) == 0) }

    @Test("work that cannot be done ends with 1")
    func failure() async throws {
        let folder = try ScratchFolder()
        try writeFile("\(folder.path)/note", [1])
        #expect(await Muster.run(["init", folder.path]) == 1)
        #expect(await Muster.run(["doctor", folder.path]) == 1)
    }

    @Test("a secret key is 32 bytes in base64url, and no two are alike")
    func secretKey() {
        let keys = (0..<100).map { _ in SecretKeyCommand.newKey() }
        #expect(Set(keys).count == 100)
        #expect(keys.allSatisfy { $0.utf8.count == 43 })
    }

    @Test(
        "base64url is RFC 4648's without padding",
        arguments: [
            ("", ""), ("f", "Zg"), ("fo", "Zm8"), ("foo", "Zm9v"), ("foob", "Zm9vYg"),
            ("\u{7FF}\u{7FF}", "37_fvw"),
        ])
    func base64URL(text: String, expected: String) {
        #expect(SecretKeyCommand.base64URL(Array(text.utf8)) == expected)
    }

    @Test("text is trimmed of white space at both ends alone")
    func trimmed() {
        #expect(" a b\r\n".trimmed == "a b")
        #expect("\n \t".trimmed == "")
    }
}
