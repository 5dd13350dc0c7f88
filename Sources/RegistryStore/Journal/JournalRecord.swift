internal import Git

/// One move of the served branch, with every object that it needs.
///
/// On disk: the length of the payload (8 bytes, big-endian), the payload's name as a git blob (20
/// bytes, so a torn record shows), the payload: old tip, new tip, then the objects. Each begins with
/// its kind (1 byte) and its name (20 bytes). One that stands for itself goes on with length (8 bytes) and content. One
/// that is a change has 128 added to its kind, and goes on with the base (20 bytes), how much of its
/// beginning and of its end stay (8 bytes each), then length and content of what is between.
struct JournalRecord: Sendable {
    /// ``ObjectID/zero`` when the branch had no commit.
    let from: ObjectID
    let to: ObjectID
    let objects: [Part]

    /// An object as the journal holds it.
    struct Part: Hashable, Sendable {
        let kind: ObjectKind
        let id: ObjectID
        let change: ByteChange?
        /// The whole content, or what the change puts between.
        let content: ArraySlice<UInt8>
    }

    fileprivate static let changeFlag: UInt8 = 0x80

    init(from: ObjectID, to: ObjectID, objects: [NewObject]) {
        self.from = from
        self.to = to
        self.objects = objects.map { new in
            let bytes = new.object.bytes
            return Part(
                kind: new.object.kind, id: new.object.id, change: new.change,
                content: new.change?.middle(of: bytes) ?? bytes[...])
        }
    }

    func encoded() -> [UInt8] {
        var payload: [UInt8] = []
        payload.reserveCapacity(objects.reduce(64) { $0 + $1.content.count + 64 })
        from.append(to: &payload)
        to.append(to: &payload)
        for part in objects {
            payload.append(part.kind.rawValue | (part.change == nil ? 0 : Self.changeFlag))
            part.id.append(to: &payload)
            if let change = part.change {
                change.base.append(to: &payload)
                payload.append(number: change.baseSize)
                payload.append(number: change.prefix)
                payload.append(number: change.suffix)
            }
            payload.append(number: part.content.count)
            payload.append(contentsOf: part.content)
        }
        var record: [UInt8] = []
        record.reserveCapacity(payload.count + 28)
        record.append(number: payload.count)
        GitObject(.blob, payload).id.append(to: &record)
        record.append(contentsOf: payload)
        return record
    }

    /// Takes the record at the start of `bytes`; nil where there is no complete one.
    init?(decoding bytes: inout ArraySlice<UInt8>) {
        var rest = bytes
        guard let length = rest.takeNumber(), length >= 40, let name = rest.takeID(),
            length <= rest.count
        else { return nil }
        var payload = rest.prefix(length)
        guard GitObject(.blob, Array(payload)).id == name,
            let from = payload.takeID(), let to = payload.takeID()
        else { return nil }
        var objects: [Part] = []
        while !payload.isEmpty {
            guard let part = Part(decoding: &payload) else { return nil }
            objects.append(part)
        }
        self.from = from
        self.to = to
        self.objects = objects
        bytes = rest.dropFirst(length)
    }
}

extension JournalRecord.Part {
    fileprivate init?(decoding payload: inout ArraySlice<UInt8>) {
        guard let tag = payload.popFirst(),
            let kind = ObjectKind(rawValue: tag & ~JournalRecord.changeFlag),
            let id = payload.takeID()
        else { return nil }
        var change: ByteChange?
        if tag & JournalRecord.changeFlag != 0 {
            guard let base = payload.takeID(), let baseSize = payload.takeNumber(),
                let prefix = payload.takeNumber(), let suffix = payload.takeNumber()
            else { return nil }
            change = ByteChange(base: base, baseSize: baseSize, prefix: prefix, suffix: suffix)
        }
        guard let size = payload.takeNumber(), size <= payload.count else { return nil }
        self.init(kind: kind, id: id, change: change, content: payload.prefix(size))
        payload = payload.dropFirst(size)
    }
}

extension [UInt8] {
    fileprivate mutating func append(number: Int) {
        Swift.withUnsafeBytes(of: UInt64(clamping: number).bigEndian) { append(contentsOf: $0) }
    }
}

extension ArraySlice<UInt8> {
    /// Takes 8 bytes, a number that fits into `Int`.
    fileprivate mutating func takeNumber() -> Int? {
        guard count >= 8 else { return nil }
        let value = prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self = dropFirst(8)
        return Int(exactly: value)
    }

    fileprivate mutating func takeID() -> ObjectID? {
        guard count >= 20, let id = ObjectID(raw: Array(prefix(20))) else { return nil }
        self = dropFirst(20)
        return id
    }
}
