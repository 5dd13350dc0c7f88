import Hummingbird
import JSON
import NIOCore
import Registry
import RegistryStore
import ServiceLifecycle

/// The commits of the served branch as server-sent events (HTML, section 9.2), for as long as the
/// client listens.
///
/// Each event's id is its commit; an event in several parts has it with the last, so that whoever
/// was cut off gets all of them again.
struct EventStream: Sendable {
    static let contentType = "text/event-stream"

    let store: RegistryStore
    let selection: EventSelection
    /// Whether whoever listens may still be told.
    let isAllowed: @Sendable () async -> Bool

    /// How often it is asked while nothing happens whether somebody may still listen.
    private static let look: Duration = .seconds(3)
    /// A quiet stream says that it is alive each time after so many.
    private static let looksPerHeartbeat = 5
    /// Commits that come in quick succession go together.
    private static let pause: Duration = .milliseconds(20)
    private static let eventsPerTurn = 64

    /// Writes until the client goes away, may not be told more, or the server is about to stop.
    func write(from start: EventPosition, to writer: inout some ResponseBodyWriter) async throws {
        var position = start
        try await writer.write(ByteBuffer(string: "retry: 2000\n" + Self.greeting(position)))
        while !Task.isCancelled, !Task.isShuttingDownGracefully {
            let seen = store.index.publicationCount
            let events = try await store.events(position, limit: Self.eventsPerTurn)
            for event in events {
                let message = try await message(event)
                // The right may have gone while a slow client took what came before.
                guard await isAllowed() else { return }
                try await writer.write(ByteBuffer(bytes: message))
                position = .after(event.commit.revision)
            }
            guard events.isEmpty else { continue }
            switch await quiet(after: seen) {
            case .event: break
            case .heartbeat: try await writer.write(ByteBuffer(string: ":\n\n"))
            case .denial: return
            }
        }
    }

    /// What ends a time without events.
    private enum QuietEnd {
        case event, heartbeat, denial
    }

    private func quiet(after seen: UInt64) async -> QuietEnd {
        for _ in 0..<Self.looksPerHeartbeat {
            if await isWoken(after: seen) { return .event }
            guard await isAllowed() else { return .denial }
        }
        return .heartbeat
    }

    /// Whether something was published before the next look is due.
    private func isWoken(after seen: UInt64) async -> Bool {
        let index = store.index
        return await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    await index.waitForPublication(after: seen)
                    try? await Task.sleep(for: Self.pause)
                    return true
                }
                group.addTask { (try? await Task.sleep(for: Self.look)) == nil }
                defer { group.cancelAll() }
                return await group.next() ?? true
            }
        }
    }

    /// Where the stream begins, for clients that did not name a place.
    private static func greeting(_ position: EventPosition) -> String {
        guard case .after(let revision) = position else { return ":\n\n" }
        return "id: \(revision)\nevent: position\ndata: {\"commit\":\"\(revision)\"}\n\n"
    }

    private func message(_ event: CommitEvent) async throws -> [UInt8] {
        let id = Array("id: \(event.commit.revision)\n".utf8)
        // An id without data tells nobody anything but where the stream is.
        guard let changes = selection.changes(of: event) else { return id + [0x0A] }
        let contents = selection.includesDocuments ? try await store.contents(of: changes) : [:]
        let parts = event.parts(of: changes, contents: contents)
        var bytes: [UInt8] = []
        for (number, part) in parts.enumerated() {
            if number == parts.count - 1 { bytes += id }
            bytes += "event: commit\ndata: ".utf8
            part.write(to: &bytes)
            bytes += "\n\n".utf8
        }
        return bytes
    }
}

extension RegistryStore {
    /// What documents hold since these changes, by their blob: JSON as such, all else as a string.
    nonisolated func contents(
        of changes: [CommitEvent.Change]
    ) async throws(RegistryError) -> [Revision: JSONValue] {
        var contents: [Revision: JSONValue] = [:]
        for change in changes {
            guard let blob = change.blob, let bytes = try await content(of: blob) else { continue }
            let value = try? JSONValue(parsing: bytes, options: .document)
            contents[blob] = value ?? .text(String(decoding: bytes, as: UTF8.self))
        }
        return contents
    }
}
