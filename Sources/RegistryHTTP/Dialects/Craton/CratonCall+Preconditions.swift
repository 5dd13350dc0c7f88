import Hummingbird
import JSON
import Registry

extension EntityTag {
    /// The tag of an item's answer by its bytes.
    init(ofCraton bytes: [UInt8]) { self.init("\(Revision(blobOf: bytes))-craton1") }
}

extension CratonCall {
    /// Holds `If-Match` and `If-None-Match` against what GET of the path would answer.
    ///
    /// - Returns: the refusal where they do not hold.
    func failedPrecondition(in snapshot: Snapshot) -> CratonRefusal? {
        let headers = request.headers
        guard !id.isEmpty, headers.contains(.ifMatch) || headers.contains(.ifNoneMatch) else {
            return nil
        }
        let tags = tags(in: snapshot)
        let listed = EntityTagList(headers[values: .ifMatch] + headers[values: .ifNoneMatch])
        let current = tags.first { listed.contains($0, comparison: .weak) } ?? tags.first
        do throws(PreconditionFailed) {
            try request.checkPreconditions(current: current)
            return nil
        } catch {
            return CratonRefusal(
                412, "The \(kind.noun) has been changed by someone else; read it again.")
        }
    }

    /// The tags that the answer has now, with variables of the levels above and without.
    private func tags(in snapshot: Snapshot) -> [EntityTag] {
        let rendering = CratonRendering(snapshot, base: context.baseURL)
        let answers = [true, false].compactMap { isResolved -> JSONValue? in
            switch path.segments.dropFirst(3).first?.text {
            case "variables":
                try? rendering.variables(kind, id, resolved: isResolved, for: caller)
            case "labels": try? rendering.labels(kind, id, for: caller)
            default: try? rendering.item(kind, id, isResolved ? .resolved : .own, for: caller)
            }
        }
        return answers.map { EntityTag(ofCraton: $0.pythonDocumentBytes()) }
    }
}
