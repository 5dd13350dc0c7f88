import Registry
import StateStore
import Testing

@Suite("Answers to repeated requests")
struct AnswerStoreTests {
    let scratch: ScratchDirectory
    let state: StateDirectory
    let answer = AnswerStore.Answer(
        status: 201, fields: ["Location": "/a: b", "ETag": "\"x\""], body: [0, 1, 255])

    init() throws {
        scratch = try ScratchDirectory()
        state = try StateDirectory.open(scratch.path + "/state")
    }

    @Test("an answer is given again, also by the next server, and to that request alone")
    func kept() throws {
        let store = try AnswerStore(in: state)
        #expect(try store.begin("k", request: "r", tip: nil) == .new)
        #expect(try store.begin("k", request: "r", tip: nil) == .running)
        try store.finish("k", with: answer)
        #expect(try store.begin("k", request: "r", tip: nil) == .answered(answer))
        #expect(try store.begin("k", request: "other", tip: nil) == .otherRequest)
        store.close()
        let next = try AnswerStore(in: state)
        #expect(try next.begin("k", request: "r", tip: nil) == .answered(answer))
        #expect(try next.begin("l", request: "r", tip: nil) == .new)
    }

    @Test("a request that was not finished is known with the commit that was newest then")
    func unfinished() throws {
        let tip = Revision(blobOf: [1])
        let store = try AnswerStore(in: state)
        #expect(try store.begin("k", request: "r", tip: tip) == .new)
        store.close()
        let next = try AnswerStore(in: state)
        #expect(try next.begin("k", request: "other", tip: nil) == .otherRequest)
        #expect(try next.begin("k", request: "r", tip: nil) == .unfinished(tip: tip))
        #expect(try next.begin("k", request: "r", tip: nil) == .running)
        try next.finish("k", with: answer)
        #expect(try next.begin("k", request: "r", tip: nil) == .answered(answer))
    }

    @Test("what was refused is forgotten at once, what was answered after a day")
    func forgotten() throws {
        let store = try AnswerStore(in: state)
        #expect(try store.begin("k", request: "r", tip: nil) == .new)
        try store.finish("k", with: nil)
        #expect(try store.begin("k", request: "other", tip: nil) == .new)
        try store.finish("k", with: answer)
        let day = AnswerStore.keptSeconds * 1_000_000
        let later = Timestamp(microseconds: Timestamp.now.microseconds + day + 1_000_000)
        #expect(try store.begin("k", request: "r", tip: nil, now: later) == .new)
    }
}
