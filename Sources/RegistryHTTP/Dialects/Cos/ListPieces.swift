import Hummingbird
import NIOCore
import Registry
import Synchronization

/// The pieces of lists that were asked for lately, so that a list which has not changed is rendered
/// once; and the bodies that send them.
///
/// Only the newest version of a list is kept, and of long ones nothing: those are rendered as the
/// client takes them. A body holds no pieces but asks for some when their turn comes, so that a
/// slow reader costs its snapshot and no more than a megabyte.
final class ListPieces: Sendable {
    private struct Kept {
        let tag: EntityTag
        /// Nil where the list is too long to be kept.
        let pieces: [ByteBuffer]?
        let byteCount: Int
        var lastUse: UInt64 = 0
    }

    private struct State {
        var lists: [String: Kept] = [:]
        var uses: UInt64 = 0
    }

    /// About a megabyte: many small writes take longer than the bytes themselves.
    private static let piecesPerWrite = 8

    private let listLimit: Int
    private let totalLimit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - listLimit: bytes of the longest list that is kept.
    ///   - totalLimit: bytes of all lists that are kept.
    init(listLimit: Int = 8 << 20, totalLimit: Int = 32 << 20) {
        self.listLimit = listLimit
        self.totalLimit = totalLimit
    }

    /// The bytes of all lists that are kept.
    var byteCount: Int { state.withLock { $0.lists.values.reduce(0) { $0 + $1.byteCount } } }

    /// The list as a body, whose length is known where the list is kept.
    ///
    /// - Parameters:
    ///   - name: the same for all versions of a list.
    ///   - onlyLength: the body will not be sent; then its length is always known.
    func body(
        of list: CosList, as tag: EntityTag, named name: String, onlyLength: Bool = false
    ) -> ResponseBody {
        let kept = find(name, tag) ?? keep(list, as: tag, named: name)
        if let pieces = kept.pieces, pieces.count == 1 {
            return ResponseBody(byteBuffer: pieces[0])
        }
        let isKept = kept.pieces != nil
        let length = isKept ? kept.byteCount : onlyLength ? list.byteCount : nil
        return ResponseBody(contentLength: length) { writer in
            for start in stride(from: 0, to: list.pieceCount, by: Self.piecesPerWrite) {
                let range = start..<min(start + Self.piecesPerWrite, list.pieceCount)
                let kept = isKept ? self.find(name, tag)?.pieces?[range] : nil
                let pieces = kept.map(Array.init) ?? range.map { ByteBuffer(bytes: list.piece($0)) }
                try await writer.write(contentsOf: pieces)
            }
            try await writer.finish(nil)
        }
    }

    private func find(_ name: String, _ tag: EntityTag) -> Kept? {
        state.withLock { state in
            guard let kept = state.lists[name], kept.tag == tag else { return nil }
            state.uses &+= 1
            state.lists[name]?.lastUse = state.uses
            return kept
        }
    }

    private func keep(_ list: CosList, as tag: EntityTag, named name: String) -> Kept {
        let pieces = shortPieces(of: list)
        let byteCount = (pieces ?? []).reduce(0) { $0 + $1.readableBytes }
        let kept = Kept(tag: tag, pieces: pieces, byteCount: byteCount)
        state.withLock { state in
            state.uses &+= 1
            state.lists[name] = kept
            state.lists[name]?.lastUse = state.uses
            makeRoom(in: &state)
        }
        return kept
    }

    /// All pieces; nil where they are more than is kept.
    private func shortPieces(of list: CosList) -> [ByteBuffer]? {
        var pieces: [ByteBuffer] = []
        var byteCount = 0
        for index in 0..<list.pieceCount {
            let piece = ByteBuffer(bytes: list.piece(index))
            byteCount += piece.readableBytes
            guard byteCount <= listLimit else { return nil }
            pieces.append(piece)
        }
        return pieces
    }

    /// Lets go of the lists that were not asked for longest.
    private func makeRoom(in state: inout State) {
        var byteCount = state.lists.values.reduce(0) { $0 + $1.byteCount }
        while byteCount > totalLimit || state.lists.count > 64,
            let oldest = state.lists.min(by: { $0.value.lastUse < $1.value.lastUse })
        {
            byteCount -= oldest.value.byteCount
            state.lists[oldest.key] = nil
        }
    }
}

extension CosList {
    /// How long the list is, in time proportional to that.
    fileprivate var byteCount: Int { (0..<pieceCount).reduce(0) { $0 + piece($1).count } }
}
