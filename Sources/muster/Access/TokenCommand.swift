import ArgumentParser
import JSON
import Registry
import RegistryHTTP
import StateStore

/// `muster token`
struct TokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Look after what programs come in with.",
        discussion: """
            A token is sent as 'Authorization: Bearer TOKEN', or as the password of its
            account where a program knows passwords alone, as git does. It allows what its
            account may do, cut down by what it was made with. Whoever has it can use it:
            it is printed once, and only its hash is kept.

              TOKEN=$(muster token create nightly --account harvester --read-only)
              curl -H "Authorization: Bearer $TOKEN" http://127.0.0.1:8000/api/v1/devices/
            """,
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}

/// `muster token create`
struct TokenCreateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token and print it, for the only time.",
        discussion: """
            One that only a certain device uses, from its own network, for 90 days:

              muster token create agent --account harvester --device robot-1 \\
                --network 10.0.0.0/8 --expires 90d
            """)

    @Argument(help: "What you call it; unique in the account.")
    var name: String

    @Option(help: "Whose it is.", transform: accountName)
    var account: AccountName

    @Flag(help: "It only reads; the same as --right read.")
    var readOnly = false

    @Option(
        name: .customLong("right"),
        help: "It allows only this: read, write, approve or administer; repeatable.",
        transform: accessRight)
    var rights: [AccessRight] = []

    @Option(
        name: .customLong("collection"),
        help: "It is for this collection alone, such as devices or craton/regions; repeatable.")
    var collections: [String] = []

    @Option(help: "It is for this device alone.")
    var device: String?

    @Option(
        help: ArgumentHelp(
            "It ends then: 90d, 12h, 30m or a time such as 2026-12-31T00:00:00Z. [never]",
            valueName: "time"))
    var expires: String?

    @Option(
        name: .customLong("network"),
        help: "It works only from this address or network; repeatable.",
        transform: addressBlock)
    var networks: [AddressBlock] = []

    @Flag(help: "Print a JSON object that has the token as `secret`.")
    var json = false

    @OptionGroup var options: StateOptions

    func validate() throws {
        guard !readOnly || rights.isEmpty else {
            throw ValidationError("--read-only and --right are two ways to say it: choose one.")
        }
        let known = Collection.allCases.map(\.name)
        if let wrong = collections.first(where: { !known.contains($0) }) {
            throw ValidationError(
                "There is no collection \(wrong); there are \(known.joined(separator: ", ")).")
        }
        guard device.map({ DocumentID($0) != nil }) != false else {
            throw ValidationError("No device can have that uid.")
        }
        guard expires.map({ Timestamp(after: $0) != nil }) != false else {
            throw ValidationError("--expires is 90d, 12h, 30m or a time, 2026-12-31T00:00:00Z.")
        }
    }

    func run() throws {
        let rights = readOnly ? [.read] : rights.isEmpty ? AccessRight.allCases : rights
        let scope = AccessScope(
            rights: Set(rights), collections: collections.isEmpty ? nil : Set(collections),
            device: device.flatMap { DocumentID($0) })
        let (token, secret) = try options.withAccounts { accounts throws(AccountError) in
            try accounts.createToken(
                name, of: account, scope: scope, networks: networks,
                expires: expires.flatMap { Timestamp(after: $0) })
        }
        options.audit.note("token.create", subject: "\(account) \(token.id)")
        guard json else { return writeOutput(secret.text) }
        var object = token.json.object ?? [:]
        object["secret"] = .text(secret.text)
        writeJSON(.object(object))
    }
}

/// `muster token list`
struct TokenListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List tokens, without their secrets.")

    @Option(help: "Only this account's.", transform: accountName)
    var account: AccountName?

    @Flag(help: "Print a JSON list.")
    var json = false

    @OptionGroup var options: StateOptions

    func run() throws {
        let tokens = try options.withAccounts { accounts throws(AccountError) in
            if let account, accounts.account(account) == nil { throw .unknown(account) }
            return accounts.tokens(of: account)
        }
        guard !json else { return writeJSON(.array(tokens.map(\.json))) }
        guard !tokens.isEmpty else { return writeOutput("there are no tokens") }
        writeTable([TokenColumns.head] + tokens.map(TokenColumns.of))
    }
}

/// `muster token revoke`
struct TokenRevokeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a token at once.")

    @Argument(help: "Its id, or with --account its name.")
    var token: String

    @Option(help: "Whose it is.", transform: accountName)
    var account: AccountName?

    @OptionGroup var options: StateOptions

    func run() throws {
        try options.withAccounts { accounts throws(AccountError) in
            try accounts.revokeToken(token, of: account)
        }
        options.audit.note("token.revoke", subject: account.map { "\($0) \(token)" } ?? token)
        writeOutput("revoked \(token)")
    }
}

extension Timestamp {
    /// Reads a time, or how long from now: `90d`, `12h`, `30m`.
    init?(after text: String, now: Timestamp = .now) {
        if let time = Timestamp(parsing: text) {
            self = time
            return
        }
        let units: [Character: Int64] = ["d": 86_400, "h": 3_600, "m": 60]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (1...100_000).contains(count)
        else { return nil }
        self.init(microseconds: now.microseconds + count * unit * 1_000_000)
    }
}
