import Glibc
import Registry
import Synchronization
import Testing

@testable import StateStore

@Suite("Signals")
struct SignalStoreTests {
    let scratch: ScratchDirectory
    let directory: StateDirectory

    init() throws {
        scratch = try ScratchDirectory()
        directory = try StateDirectory.open(scratch.path + "/state")
    }

    private func open() throws -> SignalStore {
        try SignalStore(in: directory) { Issue.record("\($0)") }
    }

    @Test("a contact is known at once, and an older one changes nothing")
    func atOnce() throws {
        let signals = try open()
        let robot = try id("robot-1")
        #expect(signals.lastContact(of: robot) == nil)
        signals.recordContact(robot, at: moment(2))
        signals.recordContact(robot, at: moment(1))
        #expect(signals.lastContact(of: robot) == moment(2))
    }

    @Test("contacts survive a restart; the uid is the same only if its UTF-8 is")
    func restart() throws {
        let composed = try id("\u{E9}")
        let decomposed = try id("e\u{301}")
        let signals = try open()
        signals.recordContact(composed, at: moment(1))
        signals.recordContact(decomposed, at: moment(2))
        signals.close()
        let again = try open()
        #expect(again.lastContact(of: composed) == moment(1))
        #expect(again.lastContact(of: decomposed) == moment(2))
    }

    @Test("renamed and removed devices stay so after a restart")
    func renameAndRemove() throws {
        let signals = try open()
        for (place, name) in ["a", "b", "c"].enumerated() {
            signals.recordContact(try id(name), at: moment(Int64(place)))
        }
        signals.flush()
        signals.rename(try id("a"), to: try id("d"))
        signals.remove(try id("b"))
        signals.close()
        let again = try open()
        #expect(again.lastContact(of: try id("a")) == nil)
        #expect(again.lastContact(of: try id("b")) == nil)
        #expect(again.lastContact(of: try id("c")) == moment(2))
        #expect(again.lastContact(of: try id("d")) == moment(0))
    }

    @Test("flushing goes on while the server runs, and once more at its end")
    func run() async throws {
        let signals = try open()
        let running = Task { await signals.run(every: .milliseconds(20)) }
        signals.recordContact(try id("a"), at: moment(1))
        for _ in 0..<500 where try open().lastContact(of: try id("a")) == nil {
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try open().lastContact(of: try id("a")) == moment(1))
        signals.recordContact(try id("b"), at: moment(1))
        running.cancel()
        await running.value
        #expect(try open().lastContact(of: try id("b")) == moment(1))
    }

    @Test("a broken file is moved aside and reported", arguments: [0, 1])
    func broken(kind: Int) throws {
        let signals = try open()
        for number in 0..<500 { signals.recordContact(try id("robot-\(number)"), at: moment(1)) }
        signals.close()
        let path = directory.file("signals.sqlite")
        if kind == 0 {
            try write(String(repeating: "no database", count: 1_000), to: path)
        } else {
            try overwrite(path, at: 4096, with: 8192)
        }

        let reports = Mutex<[String]>([])
        let again = try SignalStore(in: directory) { report in
            reports.withLock { $0.append(report) }
        }
        #expect(reports.withLock { $0.count } == 1)
        again.recordContact(try id("robot-1"), at: moment(5))
        again.close()
        #expect(try open().lastContact(of: try id("robot-1")) == moment(5))
        #expect(try scratch.names(in: "state").contains { $0.hasPrefix("signals.sqlite.broken-") })
    }

    @Test("what could not be written is reported and kept")
    func failedWrite() throws {
        let reports = Mutex<[String]>([])
        let signals = try SignalStore(in: directory) { report in
            reports.withLock { $0.append(report) }
        }
        signals.close()
        signals.recordContact(try id("a"), at: moment(1))
        signals.flush()
        signals.flush()
        #expect(reports.withLock { $0.count } == 2)
        #expect(signals.lastContact(of: try id("a")) == moment(1))
    }

    @Test("only the owner can read what SQLite writes")
    func modes() throws {
        let signals = try open()
        signals.recordContact(try id("a"), at: moment(1))
        signals.flush()
        for name in try scratch.names(in: "state") {
            #expect(try mode(of: directory.file(name)) == 0o600, "\(name)")
        }
        #expect(try mode(of: directory.path) == 0o700)
    }
}

private func id(_ text: String) throws -> DocumentID { try #require(DocumentID(text)) }

private func moment(_ second: Int64) -> Timestamp { Timestamp(microseconds: second * 1_000_000) }
