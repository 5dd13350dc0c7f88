import ArgumentParser
import JSON
import Registry
import RegistryHTTP
import StateStore

/// `muster account`
struct AccountCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Look after who may come in.",
        discussion: """
            While nobody has an account, a server on the own machine lets everybody do
            everything. The first account ends that at once: everybody else is asked to
            log in, or may do what policy.json in the registry gives to strangers.

              muster account add ada --role admin
              muster account add harvester --machine --role reader
              muster token create nightly --account harvester --read-only

            What a role may do is in policy.json; 'admin' may do everything, 'editor' may
            read, write and approve everything, 'reader' may read everything. Accounts are
            kept in the state directory, passwords as scrypt hashes. A running server
            notices changes within a second.
            """,
        subcommands: [
            AccountAddCommand.self, AccountListCommand.self, AccountShowCommand.self,
            AccountPasswordCommand.self, AccountRolesCommand.self, AccountDisableCommand.self,
            AccountEnableCommand.self, AccountRemoveCommand.self,
        ])
}

/// `muster account add`
struct AccountAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add an account.")

    @Argument(
        help: "Its name: a-z 0-9 . _ -, at most 64, the first a letter or digit.",
        transform: accountName)
    var name: AccountName

    @Option(name: .customLong("role"), help: "What it may do, a role of policy.json; repeatable.")
    var roles: [String] = []

    @Flag(help: "It is a program's: it has no password and comes in with tokens.")
    var machine = false

    @Flag(help: "No password: the person comes in another way, such as by an identity provider.")
    var noPassword = false

    @OptionGroup var password: PasswordOptions
    @OptionGroup var options: StateOptions

    func validate() throws {
        guard !machine || password.passwordFile == nil && !password.temporary else {
            throw ValidationError("A machine's account has no password; give it a token.")
        }
    }

    func run() throws {
        _ = try options.places
        // Whoever would be refused is asked for no password.
        try options.requireRoles(roles)
        let text = machine || noPassword ? nil : try password.password
        let (isFirst, hasAdministrator) = try options.withAccounts {
            accounts throws(AccountError) in
            let isFirst = accounts.isEmpty
            try accounts.add(
                name, machine ? .machine : .person, roles: Set(roles), password: text,
                mustChange: password.temporary)
            return (isFirst, accounts.accounts.contains(where: \.isAdministrator))
        }
        options.audit.note("account.add", subject: "\(name) \(Set(roles).sorted())")
        writeOutput("added \(name)")
        if isFirst { writeOutput("from now on everybody is asked to log in") }
        if !hasAdministrator {
            writeOutput("nobody may change the policy yet: muster account roles NAME admin")
        }
    }
}

/// `muster account list`
struct AccountListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List all accounts.")

    @Flag(help: "Print a JSON list.")
    var json = false

    @OptionGroup var options: StateOptions

    func run() throws {
        let found = try options.withAccounts { accounts throws(AccountError) in
            accounts.accounts.map { (account: $0, tokens: accounts.tokens(of: $0.name)) }
        }
        guard !json else { return writeJSON(.array(found.map(\.account.json))) }
        guard !found.isEmpty else { return writeOutput("nobody has an account") }
        let lines = found.map { AccountColumns.of($0.account, tokens: $0.tokens) }
        writeTable([AccountColumns.head] + lines)
    }
}

/// `muster account show`
struct AccountShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an account with its tokens.")

    @Argument(help: "Its name.", transform: accountName)
    var name: AccountName

    @Flag(help: "Print a JSON object.")
    var json = false

    @OptionGroup var options: StateOptions

    func run() throws {
        let (account, tokens) = try options.withAccounts { accounts throws(AccountError) in
            guard let account = accounts.account(name) else { throw .unknown(name) }
            return (account, accounts.tokens(of: name))
        }
        if json {
            var object = account.json.object ?? [:]
            object["tokens"] = .array(tokens.map(\.json))
            return writeJSON(.object(object))
        }
        writeTable([AccountColumns.head, AccountColumns.of(account, tokens: tokens)])
        if !tokens.isEmpty { writeTable([[], TokenColumns.head] + tokens.map(TokenColumns.of)) }
    }
}

/// `muster account password`
struct AccountPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "password",
        abstract: "Give a person another password, and end their sessions.")

    @Argument(help: "The account.", transform: accountName)
    var name: AccountName

    @OptionGroup var password: PasswordOptions
    @OptionGroup var options: StateOptions

    func run() throws {
        // Whoever would be refused is not asked.
        try options.withAccounts { accounts throws(AccountError) in
            guard let account = accounts.account(name) else { throw .unknown(name) }
            guard account.kind == .person else { throw .machineWithPassword(name) }
        }
        let text = try password.password
        try options.withAccounts { accounts throws(AccountError) in
            try accounts.setPassword(text, of: name, mustChange: password.temporary)
        }
        options.audit.note("account.password", subject: name.text)
        writeOutput("\(name) has another password; sessions on the pages have ended")
    }
}

/// `muster account roles`
struct AccountRolesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "roles", abstract: "Give an account these roles and no others.")

    @Argument(help: "The account.", transform: accountName)
    var name: AccountName

    @Argument(help: "Its roles; none takes all away.")
    var roles: [String] = []

    @OptionGroup var options: StateOptions

    func run() throws {
        try options.requireRoles(roles)
        try options.withAccounts { accounts throws(AccountError) in
            try accounts.setRoles(Set(roles), of: name)
        }
        options.audit.note("account.roles", subject: "\(name) \(Set(roles).sorted())")
        let words = Set(roles).sorted().joined(separator: ", ")
        writeOutput("\(name) has \(words.isEmpty ? "no roles" : words)")
    }
}

/// `muster account disable`
struct AccountDisableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Shut an account out: its sessions end, its tokens and password stop working.")

    @Argument(help: "The account.", transform: accountName)
    var name: AccountName

    @OptionGroup var options: StateOptions

    func run() throws {
        try options.withAccounts { accounts throws(AccountError) in
            try accounts.setDisabled(true, name)
        }
        options.audit.note("account.disable", subject: name.text)
        writeOutput("\(name) is shut out")
    }
}

/// `muster account enable`
struct AccountEnableCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable", abstract: "Let an account in again.")

    @Argument(help: "The account.", transform: accountName)
    var name: AccountName

    @OptionGroup var options: StateOptions

    func run() throws {
        try options.withAccounts { accounts throws(AccountError) in
            try accounts.setDisabled(false, name)
        }
        options.audit.note("account.enable", subject: name.text)
        writeOutput("\(name) may come in again")
    }
}

/// `muster account remove`
struct AccountRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove an account with its tokens; commits go on naming it.")

    @Argument(help: "The account.", transform: accountName)
    var name: AccountName

    @OptionGroup var options: StateOptions

    func run() throws {
        let isEmpty = try options.withAccounts { accounts throws(AccountError) in
            try accounts.remove(name)
            return accounts.isEmpty
        }
        options.audit.note("account.remove", subject: name.text)
        writeOutput("removed \(name)")
        if isEmpty {
            writeOutput("nobody has an account: a server on the own machine asks nobody any more")
        }
    }
}
