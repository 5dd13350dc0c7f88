import ArgumentParser
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

    @Test("no line of an explanation is wider than a terminal, which would break it in two")
    func helpWidth() {
        for command in [Muster.self as any ParsableCommand.Type] + Muster.configuration.subcommands
        {
            for line in command.configuration.discussion.split(separator: "\n") {
                #expect(line.count <= 80)
            }
        }
    }

    @Test("work that cannot be done ends with 1")
    func failure() async throws {
        let folder = try ScratchFolder()
        try writeFile("\(folder.path)/note", [1])
        #expect(await Muster.run(["init", folder.path]) == 1)
        #expect(await Muster.run(["doctor", folder.path]) == 1)
    }

    @Test("text is trimmed of white space at both ends alone")
    func trimmed() {
        #expect(" a b\r\n".trimmed == "a b")
        #expect("\n \t".trimmed == "")
    }
}
