import HTTPTypes
import Hummingbird
import JSON
import Registry
import RegistryStore

extension NativeDialect {
    /// `GET events?since=<commit>`: the commits of the served branch as they come, each once.
    ///
    /// Server-sent events, but for clients whose `Accept` names JSON and no stream: they get what
    /// there is, and `next` to ask with again.
    func followEvents(_ call: NativeCall) async throws -> Response {
        let selection = try EventSelection(call.request, call.path.query)
        let newest = services.store.index.committed.commit
        let position = selection.position ?? newest.map { .after($0) } ?? .start
        // What is wrong with the position is said before the stream begins.
        let first = try await services.store.events(
            position, limit: call.wantsList ? selection.limit : 1)
        guard !call.wantsList else { return try await list(first, from: position, selection, call) }
        guard let place = services.streams.enter() else { throw EventError.tooMany }
        let stream = EventStream(store: services.store, selection: selection) {
            await call.context.isStillAllowed(.readEverything, for: call.request)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: EventStream.contentType, .cacheControl: "no-store",
                .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                try await stream.write(from: position, to: &writer)
                try await writer.finish(nil)
                withExtendedLifetime(place) {}
            })
    }

    /// `{"events": [...], "next": "<commit>"}`
    private func list(
        _ events: [CommitEvent], from position: EventPosition, _ selection: EventSelection,
        _ call: NativeCall
    ) async throws -> Response {
        var list: [JSONValue] = []
        for event in events {
            guard let changes = selection.changes(of: event) else { continue }
            let contents =
                selection.includesDocuments
                ? try await services.store.contents(of: changes) : [:]
            list += event.parts(of: changes, contents: contents)
        }
        let next = events.last.map { EventPosition.after($0.commit.revision) } ?? position
        return call.answer(
            ["events": .array(list), "next": .text(next.text)],
            headers: [.cacheControl: "no-store"])
    }
}

extension EventPosition {
    /// As `since` takes it.
    fileprivate var text: String {
        switch self {
        case .start: EventSelection.start
        case .after(let revision): "\(revision)"
        }
    }
}

extension NativeCall {
    /// Whether the client takes JSON and names no event stream.
    fileprivate var wantsList: Bool {
        let accepted = request.headers[values: .accept].joined(separator: ",").lowercased()
        return accepted.contains("application/json") && !accepted.contains(EventStream.contentType)
    }
}

/// Why no events are sent.
enum EventError: AnswerableError {
    case tooMany

    var status: HTTPResponse.Status { .serviceUnavailable }
    var explanation: String { "Too many clients follow the events; try again later." }
    var fields: HTTPFields { [.retryAfter: "30"] }
}

extension HTTPField.Name {
    /// Tells proxies (nginx) to hand each event on at once.
    static let accelBuffering = knownName("X-Accel-Buffering")
}
