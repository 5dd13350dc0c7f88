internal import Git

/// The served branch where a power cut has left its file empty, or with what was in it when it was
/// another file: it is moved unflushed, because the journal says where it leads.
struct TornBranch {
    private let path: String
    private let tip: ObjectID

    /// Nil where the file of the branch can be read, or is not there, or nothing says where it led.
    init?(places: StorePlaces) throws(FileError) {
        guard let checkpoint = Checkpoint(reading: places.checkpoint),
            let branch = checkpoint.branch
        else { return nil }
        path = "\(places.commonDirectory)/\(branch)"
        guard let bytes = try FileSystem.read(path, limit: 4096) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let isWhole = text.hasSuffix("\n") && ObjectID(hex: text.dropLast()) != nil
        guard !isWhole, !text.hasPrefix("ref: ") else { return nil }
        tip = try Journal.records(in: places.journal).last?.record.to ?? checkpoint.tip
    }

    func mend() throws(FileError) { try FileSystem.replace(path, Array("\(tip)\n".utf8)) }
}
