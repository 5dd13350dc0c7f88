internal import Subprocess

extension Subprocess.Environment {
    /// See ``GitEnvironment/clean(with:)``.
    static var git: Subprocess.Environment {
        .custom(
            GitEnvironment.clean().reduce(into: [:]) { variables, variable in
                guard let name = Key(rawValue: variable.key) else { return }
                variables[name] = variable.value
            })
    }
}
