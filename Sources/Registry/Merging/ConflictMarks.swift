/// The lines that git puts around what people have to decide.
public struct ConflictMarks: Hashable, Sendable {
    /// What our and their version are called.
    public var ours: String
    public var theirs: String
    /// How many characters a mark has; git says 7.
    public var size: Int

    public init(ours: String = "ours", theirs: String = "theirs", size: Int = 7) {
        (self.ours, self.theirs, self.size) = (ours, theirs, size)
    }

    func write(ours: [UInt8], theirs: [UInt8], to bytes: inout [UInt8]) {
        write("<", self.ours, to: &bytes)
        bytes += ours
        write("=", "", to: &bytes)
        bytes += theirs
        write(">", self.theirs, to: &bytes)
    }

    private func write(_ mark: Character, _ label: String, to bytes: inout [UInt8]) {
        if let last = bytes.last, last != UInt8(ascii: "\n") { bytes.append(UInt8(ascii: "\n")) }
        bytes += String(repeating: mark, count: size).utf8
        if !label.isEmpty { bytes += " \(label)".utf8 }
        bytes.append(UInt8(ascii: "\n"))
    }
}
