import Registry
import RegistryStore

extension StateOptions {
    /// Refuses roles that the policy of the served branch does not have.
    func requireRoles(_ roles: [String]) throws {
        guard !roles.isEmpty else { return }
        let policy: Policy
        let places = try places
        do throws(StoreOpeningError) {
            policy = try places.policy
        } catch {
            throw Failure("\(error)")
        }
        if let complaint = policy.complaint(about: roles) { throw Failure(complaint) }
    }
}
