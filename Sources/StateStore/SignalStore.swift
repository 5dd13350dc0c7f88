import GRDB
public import Registry
import Synchronization

/// When devices were last heard of.
///
/// Kept in memory, where reads and writes wait for nothing, and written to `signals.sqlite` of the
/// state directory every few seconds: a crash forgets those, a restart nothing.
public final class SignalStore: Sendable {
    /// Contacts in memory, and those of them that the file lacks.
    private struct Contacts {
        var byDevice: [DocumentID: Timestamp] = [:]
        var unwritten: Set<DocumentID> = []
    }

    private let contacts: Mutex<Contacts>
    private let database: SignalDatabase
    private let report: @Sendable (_ problem: String) -> Void

    /// Opens `signals.sqlite`, or makes it. A file that SQLite cannot read is moved aside and
    /// reported: signals never stop a server.
    ///
    /// - Parameter report: takes one sentence for the log.
    public init(
        in directory: StateDirectory, report: @escaping @Sendable (_ problem: String) -> Void
    ) throws(StateError) {
        database = try SignalDatabase.open(directory.file("signals.sqlite"), report: report)
        contacts = Mutex(Contacts(byDevice: try database.contacts()))
        self.report = report
    }

    /// Notes that a device was heard of; an older time than the one known changes nothing.
    public func recordContact(_ id: DocumentID, at time: Timestamp) {
        contacts.withLock { contacts in
            guard contacts.byDevice[id].map({ $0 < time }) ?? true else { return }
            contacts.byDevice[id] = time
            contacts.unwritten.insert(id)
        }
    }

    /// The last time that a device was heard of; nil for never.
    public func lastContact(of id: DocumentID) -> Timestamp? {
        contacts.withLock { $0.byDevice[id] }
    }

    /// Follows a device to its new uid.
    public func rename(_ id: DocumentID, to newID: DocumentID) {
        contacts.withLock { contacts in
            guard id != newID, let time = contacts.byDevice.removeValue(forKey: id) else { return }
            contacts.byDevice[newID] = max(time, contacts.byDevice[newID] ?? time)
            contacts.unwritten.formUnion([id, newID])
        }
    }

    /// Forgets a device.
    public func remove(_ id: DocumentID) {
        contacts.withLock { contacts in
            guard contacts.byDevice.removeValue(forKey: id) != nil else { return }
            contacts.unwritten.insert(id)
        }
    }

    /// Writes what the file lacks; a failure is reported and tried again at the next call.
    public func flush() {
        let changes = takeUnwritten()
        guard !changes.isEmpty else { return }
        do { try database.write(changes) } catch { keep(changes, after: error) }
    }

    /// Flushes every few seconds, on SQLite's own thread, until cancelled, and once more then.
    public func run(every interval: Duration = .seconds(5)) async {
        while (try? await Task.sleep(for: interval)) != nil {
            let changes = takeUnwritten()
            guard !changes.isEmpty else { continue }
            do {
                try await database.writeInBackground(changes)
            } catch {
                keep(changes, after: error)
            }
        }
        flush()
    }

    /// Flushes and closes the file; later flushes are reported as failures.
    public func close() {
        flush()
        database.close()
    }

    private func takeUnwritten() -> [SignalDatabase.Change] {
        contacts.withLock { contacts in
            defer { contacts.unwritten = [] }
            return contacts.unwritten.map { (id: $0, time: contacts.byDevice[$0]) }
        }
    }

    /// Cancellation is no trouble to report: a last flush follows.
    private func keep(_ changes: [SignalDatabase.Change], after error: any Error) {
        contacts.withLock { $0.unwritten.formUnion(changes.map(\.id)) }
        guard !(error is CancellationError) else { return }
        report("Signals could not be written to \(database.path) and are kept: \(error)")
    }
}
