import Registry
import Testing

@testable import RegistryStore

@Suite("Numbers that were given out")
struct SequenceNumbersTests {
    @Test("they are read from what git says was added and removed, by sequence")
    func history() {
        let changes = """
            --- a/devices/3/f/a.json
            +++ b/devices/3/f/a.json
            -    "id": 12,
            +    "id": 7,
            --- a/craton/regions/x.json
            +++ /dev/null
            -    "id": 4
            --- /dev/null
            +++ "b/craton/users/\\303\\251.json"
            +    "id": 9,
            +    "id": 4503599627370496,
            +    "uid": "31",
            """
        #expect(NumberHistory.read(changes) == [.device: 12, .region: 4, .user: 9])
    }
}
