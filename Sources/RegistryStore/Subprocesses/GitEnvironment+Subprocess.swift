internal import Subprocess

extension Subprocess.Environment {
    /// See ``GitEnvironment/clean(with:)``.
    static var git: Subprocess.Environment {
        .custom([:] as [Key: String]).updating(GitEnvironment.clean())
    }

    /// - Parameter variables: other values; nil takes a variable away.
    func updating(_ variables: [String: String?]) -> Subprocess.Environment {
        updating(
            variables.reduce(into: [Key: String?]()) { changes, variable in
                guard let name = Key(rawValue: variable.key) else { return }
                changes.updateValue(variable.value, forKey: name)
            })
    }
}
