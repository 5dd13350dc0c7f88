import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

/// Which events a client wants, and from where on.
struct EventSelection: Sendable {
    /// The name of the place before the first commit.
    static let start = "start"

    /// nil begins with what comes next.
    private(set) var position: EventPosition?
    private var collections: Set<Registry.Collection> = []
    private var uid: DocumentID?
    /// Whether the documents themselves are wanted with their changes.
    private(set) var includesDocuments = false
    /// Of an answer that is no stream.
    private(set) var limit = 100

    /// Reads the query, and `Last-Event-ID`, which goes before `since` because a browser repeats the
    /// address that it began with.
    ///
    /// - Throws: ``NativeError`` naming the parameter that makes no sense.
    init(_ request: Request, _ query: RawQuery) throws(NativeError) {
        for pair in query.pairs { try read(pair) }
        if let last = request.headers[.lastEventID], !last.isEmpty {
            position = try Self.position(last, "Last-Event-ID")
        }
    }

    private mutating func read(_ pair: RawQuery.Pair) throws(NativeError) {
        switch pair.name {
        case "since": position = try Self.position(pair.value, "since")
        case "collection":
            guard
                let collection = Registry.Collection.allCases.first(where: { $0.name == pair.value }
                )
            else {
                let names = Registry.Collection.allCases.map(\.name).joined(separator: ", ")
                throw .parameter("collection", "Must be one of \(names).")
            }
            collections.insert(collection)
        case "uid":
            guard let id = DocumentID(pair.value) else {
                throw .parameter("uid", "Must be the uid of a document.")
            }
            uid = id
        case "documents":
            guard let wanted = ["true": true, "false": false][pair.value] else {
                throw .parameter("documents", "Must be true or false.")
            }
            includesDocuments = wanted
        case "limit":
            guard let limit = Int(pair.value), (1...1_000).contains(limit) else {
                throw .parameter("limit", "Must be a whole number from 1 to 1000.")
            }
            self.limit = limit
        default: throw .parameter(pair.name, "There is no such parameter.")
        }
    }

    private static func position(
        _ text: String, _ name: String
    ) throws(NativeError) -> EventPosition {
        if text == start { return .start }
        guard let revision = Revision(hex: text) else {
            throw .parameter(
                name, "Must be the 40 hex digits of a commit, or 'start' for the first of all.")
        }
        return .after(revision)
    }

    private var choosesDocuments: Bool { !collections.isEmpty || uid != nil }

    /// The changes that are wanted; nil where the event is of no interest.
    func changes(of event: CommitEvent) -> [CommitEvent.Change]? {
        guard choosesDocuments else { return event.changes }
        let chosen = event.changes.filter { change in
            (collections.isEmpty || collections.contains(change.key.collection))
                && (uid ?? change.key.id) == change.key.id
        }
        return chosen.isEmpty ? nil : chosen
    }
}

extension HTTPField.Name {
    /// HTML, section 9.2.4.
    static let lastEventID = knownName("Last-Event-ID")
}
