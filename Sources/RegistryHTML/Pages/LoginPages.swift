/// The login: `/login`.
public struct LoginPage: Sendable {
    /// What was typed as the name.
    public var account: String
    /// The path below the base that it leads to.
    public var then: String
    /// Why one has to log in; nil for whoever comes by themselves.
    public var notice: String?
    /// Why the last attempt did not lead in.
    public var failure: String?

    public init(
        account: String = "", then: String, notice: String? = nil, failure: String? = nil
    ) {
        self.account = account
        self.then = then
        self.notice = notice
        self.failure = failure
    }
}

/// Another password for oneself: `/account/password`.
public struct PasswordPage: Sendable {
    public var account: String
    /// Whether nothing else is open before it is done: the present one was for one login.
    public var isRequired: Bool
    /// Why the last attempt changed nothing.
    public var failure: String?
    /// How many characters it has at least.
    public var shortest: Int

    public init(account: String, isRequired: Bool, failure: String? = nil, shortest: Int) {
        self.account = account
        self.isRequired = isRequired
        self.failure = failure
        self.shortest = shortest
    }
}
