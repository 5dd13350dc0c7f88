import ArgumentParser
import RegistryStore
import StateStore

/// Which registry's state a command works on.
struct StateOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The registry.", valueName: "dir"), completion: .directory)
    var registry = "."

    @Option(
        help: ArgumentHelp("The state directory. [muster/ in the git directory]", valueName: "dir"),
        completion: .directory)
    var state: String?

    var places: RegistryPlaces {
        get throws {
            try requireFolder(registry)
            do throws(StoreOpeningError) {
                return try RegistryPlaces(of: registry, state: state)
            } catch {
                throw Failure("\(error)")
            }
        }
    }

    /// Works on accounts and tokens; a running server notices within a second.
    func withAccounts<Answer>(
        _ work: (AccountStore) throws(AccountError) -> Answer
    ) throws -> Answer {
        let places = try places
        do {
            let accounts = try AccountStore(in: .open(of: places))
            defer { accounts.close() }
            return try work(accounts)
        } catch {
            throw Failure("\(error)")
        }
    }
}
