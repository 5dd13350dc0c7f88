import Glibc

/// git's framing of lines between programs (gitprotocol-common, "pkt-line Format"): four hex digits
/// of the length, themselves counted, and the bytes; `0000` ends a section.
enum PacketLine {
    private static let longest = 65_516

    /// The lines of standard input up to the end of the section, without their line ends.
    static func readSection() throws -> [String] {
        var lines: [String] = []
        while true {
            let digits = String(decoding: try read(4), as: UTF8.self)
            guard let length = Int(digits, radix: 16), length != 0 else {
                guard digits == "0000" else { throw Failure("git sent '\(digits)' for a length") }
                return lines
            }
            guard (4...longest + 4).contains(length) else {
                throw Failure("git sent '\(digits)' for a length")
            }
            var bytes = try read(length - 4)
            if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
            lines.append(String(decoding: bytes, as: UTF8.self))
        }
    }

    /// Writes a section to standard output.
    static func write(_ lines: [String]) {
        var bytes: [UInt8] = []
        for line in lines {
            let content = Array(line.utf8.prefix(longest))
            let digits = String(0x10000 + content.count + 4, radix: 16).dropFirst()
            bytes += Array(digits.utf8) + content
        }
        bytes += Array("0000".utf8)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    private static func read(_ count: Int) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var done = 0
        while done < count {
            let got = bytes.withUnsafeMutableBytes { buffer in
                Glibc.read(STDIN_FILENO, buffer.baseAddress.map { $0 + done }, count - done)
            }
            guard got > 0 else { throw Failure("git ended in the middle of a line") }
            done += got
        }
        return bytes
    }
}
