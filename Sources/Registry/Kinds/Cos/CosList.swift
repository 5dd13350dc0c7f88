internal import JSON

/// An array that the API answers with, as compact JSON in pieces that are made when they are asked
/// for.
public struct CosList: Sendable {
    /// Changes whenever the bytes do, and is known without them.
    public let version: [UInt64]
    /// At least one; so many that each is large enough to be worth sending by itself.
    public let pieceCount: Int
    /// Appends the elements of a piece, with commas between.
    private let write: @Sendable (_ piece: Int, _ bytes: inout [UInt8]) -> Void

    init(
        version: [UInt64], pieceCount: Int,
        write: @escaping @Sendable (_ piece: Int, _ bytes: inout [UInt8]) -> Void
    ) {
        self.version = version
        self.pieceCount = max(1, pieceCount)
        self.write = write
    }

    /// One of the pieces, which are the list when they are put together in order.
    public func piece(_ index: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(128 << 10)
        bytes.append(UInt8(ascii: index == 0 ? "[" : ","))
        write(index, &bytes)
        if index == pieceCount - 1 { bytes.append(UInt8(ascii: "]")) }
        return bytes
    }

    /// The whole list.
    public var bytes: [UInt8] { (0..<pieceCount).flatMap(piece) }
}

extension CosRendering {
    private static let devicesPerPiece = 256
    private static let dashboardsPerPiece = 8
    private static let ruleFilesPerPiece = 64

    /// The array of all devices, oldest first.
    public func devices(fields: DeviceFields = .all) -> CosList {
        var collections: [Collection] = [.devices, .certificates]
        // What is named and not there is left out, so what is there matters then.
        if !shared.snapshot.references.isComplete {
            collections += DeviceList.allCases.map(\.collection)
        }
        return list(of: .devices, by: Self.devicesPerPiece, reading: collections) {
            write($0, fields, to: &$1)
        }
    }

    /// The array of all dashboards of one kind.
    public func dashboards(_ model: CosModel) -> CosList {
        let collection = model.collection
        return list(of: collection, by: Self.dashboardsPerPiece, reading: [collection]) {
            if let dashboard = $0.content as? Dashboard {
                self.dashboard($0.id, dashboard).write(to: &$1)
            }
        }
    }

    /// The array of every rule file that is no template, then of every template rendered for each
    /// device that lists it.
    public func ruleFiles(_ model: CosModel) -> CosList {
        let all = snapshot.all(in: model.collection).compactMap { stored in
            (stored.content as? RuleFile).map { (id: stored.id, file: $0) }
        }
        let templates = all.filter(\.file.isTemplate)
        let elements =
            all.filter { !$0.file.isTemplate }.map { ($0, device: nil as DocumentID?) }
            + templates.flatMap { template in
                snapshot.referrers(of: DocumentKey(model.collection, template.id))
                    .filter { $0.collection == .devices }.map { (template, $0.id) }
            }
        let size = Self.ruleFilesPerPiece
        return CosList(
            version: version(of: [model.collection] + (templates.isEmpty ? [] : [.devices])),
            pieceCount: (elements.count + size - 1) / size
        ) { piece, bytes in
            let part = elements[(piece * size)...].prefix(size)
            for ((id, file), device) in part {
                if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
                ruleFile(id, file, for: device).write(to: &bytes)
            }
        }
    }

    private func list(
        of collection: Collection, by size: Int, reading collections: [Collection],
        element: @escaping @Sendable (StoredDocument, inout [UInt8]) -> Void
    ) -> CosList {
        let count = shared.snapshot.count(of: collection)
        return CosList(version: version(of: collections), pieceCount: (count + size - 1) / size) {
            piece, bytes in
            let offset = piece * size
            for stored in shared.snapshot.documents(in: collection, offset: offset, limit: size) {
                if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
                element(stored, &bytes)
            }
        }
    }

    private func version(of collections: [Collection]) -> [UInt64] {
        collections.flatMap { collection in
            let (high, low) = shared.snapshot.state(of: collection).words
            return [high, low]
        }
    }
}
