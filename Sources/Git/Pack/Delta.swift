/// git's delta of one content against another (gitformat-pack, "Deltified representation"): the
/// size of both, then instructions to copy from the base and to insert new bytes.
enum Delta {
    /// Applies a delta; nil for one that does not fit its base.
    static func apply(_ delta: [UInt8], to base: [UInt8]) -> [UInt8]? {
        var rest = delta[...]
        guard let baseSize = size(&rest), baseSize == base.count, let size = size(&rest) else {
            return nil
        }
        var result: [UInt8] = []
        result.reserveCapacity(min(size, 1 << 26))
        while let command = rest.popFirst() {
            if command & 0x80 == 0 {
                guard command > 0, rest.count >= Int(command) else { return nil }
                result += rest.prefix(Int(command))
                rest = rest.dropFirst(Int(command))
            } else {
                guard let range = copied(command, &rest), range.upperBound <= base.count else {
                    return nil
                }
                result += base[range]
            }
            guard result.count <= size else { return nil }
        }
        return result.count == size ? result : nil
    }

    /// What a command copies: four bits say which bytes of the offset follow, three of the size.
    private static func copied(_ command: UInt8, _ rest: inout ArraySlice<UInt8>) -> Range<Int>? {
        var (offset, size) = (0, 0)
        for bit in 0..<7 where command >> bit & 1 != 0 {
            guard let byte = rest.popFirst() else { return nil }
            if bit < 4 {
                offset |= Int(byte) << (8 * bit)
            } else {
                size |= Int(byte) << (8 * (bit - 4))
            }
        }
        if size == 0 { size = 0x10000 }
        return offset..<(offset + size)
    }

    private static func size(_ rest: inout ArraySlice<UInt8>) -> Int? {
        var size = 0
        for shift in stride(from: 0, to: 42, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            size |= Int(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return size }
        }
        return nil
    }
}

extension [UInt8] {
    /// Seven bits a byte, the lowest first, all but the last marked.
    mutating func append(size: Int) {
        var rest = UInt(clamping: size)
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Instructions to insert bytes; one takes 7 bits of length.
    mutating func append(insertionOf bytes: some RandomAccessCollection<UInt8>) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let part = rest.prefix(127)
            append(UInt8(part.count))
            append(contentsOf: part)
            rest = rest.dropFirst(part.count)
        }
    }

    /// Instructions to copy from the base, at most 64 KiB each, as git writes them.
    mutating func append(copyOf start: Int, count: Int) {
        var start = start
        var rest = count
        while rest > 0 {
            let size = Swift.min(rest, 0x10000)
            let instruction = self.count
            append(0x80)
            for bit in 0..<4 {
                append(operand: start >> (8 * bit), 1 << UInt8(bit), of: instruction)
            }
            // A size of nothing stands for 64 KiB.
            for bit in 0..<2 where size != 0x10000 {
                append(operand: size >> (8 * bit), 0x10 << UInt8(bit), of: instruction)
            }
            start += size
            rest -= size
        }
    }

    /// One byte of an operand, which is left out when it is 0.
    private mutating func append(operand: Int, _ flag: UInt8, of instruction: Int) {
        let byte = UInt8(truncatingIfNeeded: operand)
        guard byte != 0 else { return }
        self[instruction] |= flag
        append(byte)
    }
}
