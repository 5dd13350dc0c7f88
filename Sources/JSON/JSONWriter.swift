extension JSONValue {
    /// The form of documents: two spaces, one member or element per line, a line feed at the end.
    ///
    /// Non-ASCII text and numbers stay as they are. A lone surrogate is written as its escape.
    public func canonicalBytes() -> [UInt8] {
        written { value, bytes in value.writeCanonical(to: &bytes) }
    }

    /// One line without white space, in UTF-8.
    public func compactBytes() -> [UInt8] {
        written { value, bytes in value.write(to: &bytes) }
    }

    /// What Python's `json.dumps` prints by default: `", "` and `": "`, printable ASCII only.
    public func pythonBytes() -> [UInt8] {
        written { value, bytes in value.writePython(to: &bytes) }
    }

    /// Appends ``canonicalBytes()``.
    public func writeCanonical(to bytes: inout [UInt8]) {
        JSONWriter(style: .canonical).write(self, to: &bytes)
        bytes.append(Ascii.lineFeed)
    }

    /// Appends ``compactBytes()``.
    public func write(to bytes: inout [UInt8]) {
        JSONWriter(style: .compact).write(self, to: &bytes)
    }

    /// Appends ``pythonBytes()``.
    public func writePython(to bytes: inout [UInt8]) {
        JSONWriter(style: .python).write(self, to: &bytes)
    }

    /// What Python's `json.dumps` prints with `indent=2` and a line feed behind: the layout of
    /// ``canonicalBytes()``, printable ASCII only. Members stay in their order.
    public func pythonDocumentBytes() -> [UInt8] {
        written { value, bytes in
            JSONWriter(style: .pythonDocument).write(value, to: &bytes)
            bytes.append(Ascii.lineFeed)
        }
    }

    private func written(by write: (JSONValue, inout [UInt8]) -> Void) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256)
        write(self, &bytes)
        return bytes
    }
}

extension JSONValue: CustomStringConvertible {
    /// The text of ``compactBytes()``.
    public var description: String { String(decoding: compactBytes(), as: UTF8.self) }
}

/// Writes values without recursion, so that depth costs no stack.
struct JSONWriter {
    enum Style {
        case canonical, compact, python, pythonDocument

        var hasLines: Bool { self == .canonical || self == .pythonDocument }
        var isASCII: Bool { self == .python || self == .pythonDocument }
    }

    /// An array or object whose parts before `next` are written.
    private struct Container {
        var elements: [JSONValue] = []
        var members: [JSONObject.Element] = []
        let isObject: Bool
        var next = 0

        init(_ elements: [JSONValue]) {
            self.elements = elements
            isObject = false
        }

        init(_ object: JSONObject) {
            members = object.members
            isObject = true
        }

        var count: Int { isObject ? members.count : elements.count }
    }

    let style: Style

    func write(_ value: JSONValue, to bytes: inout [UInt8]) {
        var open: [Container] = []
        begin(value, in: &open, to: &bytes)
        while let container = open.last {
            guard container.next < container.count else {
                open.removeLast()
                breakLine(depth: open.count, to: &bytes)
                bytes.append(container.isObject ? Ascii.closeBrace : Ascii.closeBracket)
                continue
            }
            open[open.count - 1].next += 1
            if container.next > 0 { bytes.append(Ascii.comma) }
            if container.next > 0, style == .python { bytes.append(Ascii.space) }
            breakLine(depth: open.count, to: &bytes)
            if container.isObject {
                let member = container.members[container.next]
                write(member.name, to: &bytes)
                bytes.append(Ascii.colon)
                if style != .compact { bytes.append(Ascii.space) }
                begin(member.value, in: &open, to: &bytes)
            } else {
                begin(container.elements[container.next], in: &open, to: &bytes)
            }
        }
    }

    /// Writes a scalar or an empty container, or opens a container.
    private func begin(_ value: JSONValue, in open: inout [Container], to bytes: inout [UInt8]) {
        switch value {
        case .null: bytes += "null".utf8
        case .bool(let bool): bytes += (bool ? "true" : "false").utf8
        case .number(let number): bytes += number.literal.utf8
        case .string(let string): write(string, to: &bytes)
        case .array(let elements):
            bytes.append(Ascii.openBracket)
            if elements.isEmpty {
                bytes.append(Ascii.closeBracket)
            } else {
                open.append(Container(elements))
            }
        case .object(let object):
            bytes.append(Ascii.openBrace)
            if object.isEmpty {
                bytes.append(Ascii.closeBrace)
            } else {
                open.append(Container(object))
            }
        }
    }

    private func breakLine(depth: Int, to bytes: inout [UInt8]) {
        guard style.hasLines else { return }
        bytes.append(Ascii.lineFeed)
        bytes += repeatElement(Ascii.space, count: 2 * depth)
    }

    // MARK: Strings

    private func write(_ string: JSONString, to bytes: inout [UInt8]) {
        bytes.append(Ascii.quote)
        string.withUTF8 { text in
            var plainStart = 0
            var position = 0
            while position < text.count {
                guard needsEscape(text, at: position) else {
                    position += 1
                    continue
                }
                bytes += text[plainStart..<position]
                position += writeEscape(text, at: position, to: &bytes)
                plainStart = position
            }
            bytes += text[plainStart...]
        }
        bytes.append(Ascii.quote)
    }

    private func needsEscape(_ text: UnsafeBufferPointer<UInt8>, at position: Int) -> Bool {
        switch text[position] {
        case 0..<Ascii.space, Ascii.quote, Ascii.backslash: true
        // Python's ASCII is printable ASCII: U+007F is escaped too.
        case 0x7F...: style.isASCII || loneSurrogate(in: text, at: position) != nil
        default: false
        }
    }

    /// Writes the escape of the code point at `position`.
    ///
    /// - Returns: how many bytes the code point takes in `text`.
    private func writeEscape(
        _ text: UnsafeBufferPointer<UInt8>, at position: Int, to bytes: inout [UInt8]
    ) -> Int {
        let byte = text[position]
        switch byte {
        case Ascii.quote, Ascii.backslash: bytes += [Ascii.backslash, byte]
        case Ascii.backspace: bytes += [Ascii.backslash, Ascii.b]
        case Ascii.formFeed: bytes += [Ascii.backslash, Ascii.f]
        case Ascii.lineFeed: bytes += [Ascii.backslash, Ascii.n]
        case Ascii.carriageReturn: bytes += [Ascii.backslash, Ascii.r]
        case Ascii.tab: bytes += [Ascii.backslash, Ascii.t]
        case ..<0x80: writeCodeUnit(UInt32(byte), to: &bytes)
        default: return writeNonASCII(text[position...], to: &bytes)
        }
        return 1
    }

    private func writeNonASCII(_ text: Slice<UnsafeBufferPointer<UInt8>>, to bytes: inout [UInt8])
        -> Int
    {
        let lead = text.first ?? 0
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        var codePoint = UInt32(lead) & (0x7F >> UInt32(length))
        for byte in text.dropFirst().prefix(length - 1) {
            codePoint = codePoint << 6 | UInt32(byte & 0x3F)
        }
        if codePoint < 0x10000 {
            writeCodeUnit(codePoint, to: &bytes)
        } else {
            writeCodeUnit(0xD800 + (codePoint - 0x10000) >> 10, to: &bytes)
            writeCodeUnit(0xDC00 + codePoint & 0x3FF, to: &bytes)
        }
        return length
    }

    private func writeCodeUnit(_ unit: UInt32, to bytes: inout [UInt8]) {
        bytes += [Ascii.backslash, Ascii.u]
        for shift in stride(from: 12, through: 0, by: -4) {
            bytes.append(hexDigits[Int(unit >> UInt32(shift) & 0xF)])
        }
    }
}
