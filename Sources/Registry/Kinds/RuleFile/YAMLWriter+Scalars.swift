extension YAMLWriter {
    /// Writes a scalar and ends its line; text of several lines goes below, at `indent`.
    mutating func writeScalar(_ string: String, isString: Bool, indent: Int) {
        if usesLiterals, Self.isLiteral(string) {
            writeLiteral(string, indent: indent)
        } else {
            writeLine(string, isString: isString)
            text.append("\n")
        }
    }

    /// Writes a scalar on one line.
    mutating func writeLine(_ string: String, isString: Bool) {
        let cut = Placeholder.cut(string)
        guard cut.names.isEmpty else {
            text.append("\"")
            writeFilled(cut, .doubleQuoted, Self.escaped)
            text.append("\"")
            return
        }
        if !isString, string.isEmpty {
            text.append("null")
        } else if !isString && string.unicodeScalars.allSatisfy(Self.isPrintable)
            || Self.isPlainWord(string)
        {
            text.append(string)
        } else if string.utf8.contains(UInt8(ascii: "\"")),
            string.unicodeScalars.allSatisfy(Self.isPrintable)
        {
            text.append(
                "'"
                    + string.utf8.split(
                        separator: UInt8(ascii: "'"), omittingEmptySubsequences: false
                    ).map { String(Substring($0)) }.joined(separator: "''") + "'")
        } else {
            text.append("\"" + Self.escaped(string) + "\"")
        }
    }

    private mutating func writeLiteral(_ string: String, indent: Int) {
        var lines = string.utf8.split(separator: 0x0A, omittingEmptySubsequences: false)
        switch (lines.last?.isEmpty, lines.dropLast().last?.isEmpty) {
        case (true, true): text.append("|+\n")
        case (true, _): text.append("|\n")
        default: text.append("|-\n")
        }
        if lines.last?.isEmpty == true { lines.removeLast() }
        for line in lines {
            if !line.isEmpty { text.append(String(repeating: " ", count: indent)) }
            writeFilled(Placeholder.cut(String(Substring(line))), .raw) { $0 }
            text.append("\n")
        }
    }

    private mutating func writeFilled(
        _ cut: Placeholder.Cut, _ gap: TemplateText.Gap, _ written: (String) -> String
    ) {
        text.append(written(cut.parts[0]))
        for part in cut.parts.dropFirst() {
            text.append(gap)
            text.append(written(part))
        }
    }

    /// Whether text of several lines can stand in a literal block as it is.
    private static func isLiteral(_ string: String) -> Bool {
        guard let first = string.unicodeScalars.first, first != " ", first != "\n",
            string.utf8.contains(0x0A)
        else { return false }
        // A placeholder that goes over a line end would be cut in two.
        let cut = Placeholder.cut(string)
        return cut.names.count == lineWisePlaceholders(string)
            && string.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) }
    }

    private static func lineWisePlaceholders(_ string: String) -> Int {
        string.utf8.split(separator: 0x0A).reduce(0) { count, line in
            count + Placeholder.cut(String(Substring(line))).names.count
        }
    }

    /// Whether a uid can be put into a literal block without ending a line or changing its indent.
    static func fitsLiteral(_ uid: String) -> Bool {
        uid.unicodeScalars.first.map { !$0.isSpace } ?? false
            && uid.unicodeScalars.allSatisfy(isPrintable)
    }

    /// The text between double quotes.
    static func escaped(_ string: String) -> String {
        var text = ""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\t": text += "\\t"
            case _ where isPrintable(scalar): text.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                text +=
                    "\\u" + String(repeating: "0", count: max(0, 4 - digits.utf8.count)) + digits
            }
        }
        return text
    }

    /// Printable by YAML 1.1, section 5.1, without line breaks, tab and byte order mark.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD, 0x10000...0x10FFFF:
            ![0x2028, 0x2029, 0xFEFF].contains(scalar.value)
        default: false
        }
    }

    /// Whether every reader takes the text for a string without quotes: a short list of characters,
    /// and none of the words that YAML 1.1 reads as a boolean or as nothing.
    private static func isPlainWord(_ string: String) -> Bool {
        let bytes = Array(string.utf8)
        guard let first = bytes.first, let last = bytes.last, isLetter(first), last != 0x20 else {
            return false
        }
        let isPlain = bytes.allSatisfy { byte in
            isLetter(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || " _./()-".utf8.contains(byte)
        }
        return isPlain && !specialWords.contains(string.lowercased())
    }

    private static func isLetter(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    private static let specialWords: Set<String> = [
        "y", "n", "yes", "no", "on", "off", "true", "false", "null",
    ]
}
