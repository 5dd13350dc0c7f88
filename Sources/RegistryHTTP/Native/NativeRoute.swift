import HTTPTypes
import Hummingbird
import Registry

/// One method of one path of the native API, what answers it, and what it says of itself.
///
///     NativeRoute(
///         .get, "proposals/<number>", showProposal,
///         .init(.proposals, "Shows a proposal", answers: [.ok(.proposalReview)]))
struct NativeRoute: Sendable {
    typealias Handler =
        @Sendable (NativeDialect) -> @Sendable (NativeCall) async throws -> Response

    let method: HTTPRequest.Method
    /// Below `/api/registry/v1/`; `<name>` stands for any one segment, `<collection>` for as many as
    /// the name of a collection has.
    let path: String
    let handler: Handler
    let operation: APIOperation
    /// Answers for a request whose commit was made and whose answer was lost.
    private(set) var recovery: Recovery?
    /// The same for a request that has opened a proposal.
    private(set) var proposalRecovery: ProposalRecovery?
    /// Whether its answers hold what must not be kept, so that none is given a second time.
    private(set) var handsOutSecrets = false
    private let segments: [Substring]

    /// - Parameters:
    ///   - commit: the request's own commit.
    ///   - before: the commit that it was made on.
    typealias Recovery =
        @Sendable (NativeDialect) ->
        @Sendable (
            _ call: NativeCall, _ commit: Revision, _ before: Revision?
        ) async throws -> Response

    typealias ProposalRecovery =
        @Sendable (NativeDialect) ->
        @Sendable (_ call: NativeCall, _ proposal: Proposal) async throws -> Response

    init(
        _ method: HTTPRequest.Method, _ path: String, _ handler: @escaping Handler,
        _ operation: APIOperation
    ) {
        self.method = method
        self.path = path
        self.handler = handler
        self.operation = operation
        segments = path.split(separator: "/")
    }

    /// The same route, with what tells a lost answer again.
    func recovering(_ recovery: @escaping Recovery) -> NativeRoute {
        var route = self
        route.recovery = recovery
        return route
    }

    /// The same route, whose answers are never kept.
    func handingOutSecrets() -> NativeRoute {
        var route = self
        route.handsOutSecrets = true
        return route
    }

    /// The same route, with what tells again which proposal it has opened.
    func recoveringProposal(_ recovery: @escaping ProposalRecovery) -> NativeRoute {
        var route = self
        route.proposalRecovery = recovery
        return route
    }

    /// What stands for each `<name>`, decoded; nil where the path is another.
    ///
    /// A name is missing where its segment is no UTF-8.
    func values(in path: ArraySlice<RawPath.Segment>) -> [String: String]? {
        var values: [String: String] = [:]
        var rest = path
        for expected in segments {
            guard let segment = rest.first, !segment.raw.isEmpty else { return nil }
            guard expected.first == "<" else {
                guard segment.text.map({ $0 == expected }) == true else { return nil }
                rest = rest.dropFirst()
                continue
            }
            let length = expected == "<collection>" ? Self.collectionLength(in: rest) : 1
            let texts = rest.prefix(length).map(\.text)
            let name = String(expected.dropFirst().dropLast())
            if !texts.contains(nil) {
                values[name] = texts.compactMap(\.self).joined(separator: "/")
            }
            rest = rest.dropFirst(length)
        }
        return rest.isEmpty ? values : nil
    }

    /// How many segments spell a collection's name, `craton/regions`.
    private static func collectionLength(in path: ArraySlice<RawPath.Segment>) -> Int {
        let lengths = DocumentKind.all.map(\.collection.name).compactMap { name -> Int? in
            let words = name.split(separator: "/")
            let isThere =
                path.count >= words.count
                && zip(path, words).allSatisfy { $0.text == String($1) }
            return isThere ? words.count : nil
        }
        return lengths.max() ?? 1
    }

    /// The names in the path.
    var parameterNames: [String] {
        segments.filter { $0.first == "<" }.map { String($0.dropFirst().dropLast()) }
    }

    /// The path as descriptions write it, `proposals/{number}`.
    var templatePath: String {
        segments.map { $0.first == "<" ? "{\($0.dropFirst().dropLast())}" : String($0) }
            .joined(separator: "/")
    }
}
