/// Texts as lists of lines, each line a number: lines are alike when their numbers are.
struct LineTable {
    /// The lines by number, each with its line feed unless its text ends without one.
    private(set) var lines: [ArraySlice<UInt8>] = []
    private var numbers: [ArraySlice<UInt8>: Int] = [:]

    /// The lines of a text, by number.
    mutating func numbers(of bytes: [UInt8]) -> [Int] {
        var found: [Int] = []
        var start = bytes.startIndex
        while start < bytes.endIndex {
            let feed = bytes[start...].firstIndex(of: UInt8(ascii: "\n"))
            let end = feed.map { $0 + 1 } ?? bytes.endIndex
            found.append(number(of: bytes[start..<end]))
            start = end
        }
        return found
    }

    /// The bytes of these lines.
    func bytes(of numbers: some Sequence<Int>) -> [UInt8] {
        var bytes: [UInt8] = []
        for number in numbers { bytes += lines[number] }
        return bytes
    }

    private mutating func number(of line: ArraySlice<UInt8>) -> Int {
        if let known = numbers[line] { return known }
        numbers[line] = lines.count
        lines.append(line)
        return lines.count - 1
    }
}
