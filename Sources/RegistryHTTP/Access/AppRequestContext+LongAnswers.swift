import Hummingbird
import Registry

extension AppRequestContext {
    /// Whether the request would be let in again if it came now, as the same caller: for answers
    /// that go on after a right has ended.
    ///
    /// A look into memory for all that the server itself hands out. What is denied is noted, once.
    func isStillAllowed(_ need: AccessNeed, for request: Request) async -> Bool {
        var again = again
        do {
            try await state.authentication.recognize(request, &again)
            try again.require(need)
            return again.caller.account == caller.account && again.caller.device == caller.device
        } catch {
            return false
        }
    }
}
