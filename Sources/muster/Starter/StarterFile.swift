/// One file of the starter that `muster init` makes a registry from.
struct StarterFile: Hashable, Sendable {
    /// From the top of the repository.
    let path: String
    let text: String

    var bytes: [UInt8] { Array(text.utf8) }
}
