import Registry
import StateStore

/// Accounts as lists show them.
enum AccountColumns {
    static let head = ["NAME", "KIND", "ROLES", "TOKENS", ""]

    static func of(_ account: Account, tokens: [AccessToken]) -> [String] {
        var remarks: [String] = []
        if account.isDisabled { remarks.append("disabled") }
        if account.mustChangePassword { remarks.append("has to change the password") }
        if account.kind == .person, !account.hasPassword { remarks.append("no password") }
        let roles = account.roles.sorted().joined(separator: ",")
        return [
            account.name.text, account.kind.rawValue, roles.isEmpty ? "-" : roles,
            "\(tokens.count)", remarks.joined(separator: ", "),
        ]
    }
}

/// Tokens as lists show them.
enum TokenColumns {
    static let head = ["ID", "ACCOUNT", "NAME", "ALLOWS", "EXPIRES", "LAST USE"]

    static func of(_ token: AccessToken) -> [String] {
        let expires = token.expires.map(Self.minute) ?? "never"
        return [
            token.id, token.account.text, token.name, limits(of: token),
            token.isExpired() ? "expired" : expires, token.lastUse.map(Self.minute) ?? "never",
        ]
    }

    /// What it allows at most, `read; devices; from 10.0.0.0/8`.
    private static func limits(of token: AccessToken) -> String {
        let scope = token.scope
        let rights = scope.orderedRights.map(\.rawValue)
        var words = [
            rights.count == AccessRight.allCases.count
                ? "everything" : rights.joined(separator: ",")
        ]
        if let collections = scope.collections {
            words.append(collections.sorted().joined(separator: ","))
        }
        if let device = scope.device { words.append("device \(device)") }
        if !token.networks.isEmpty {
            words.append("from " + token.networks.map(\.description).joined(separator: ","))
        }
        return words.joined(separator: "; ")
    }

    /// `2026-01-31 12:00`, UTC.
    private static func minute(_ time: Timestamp) -> String {
        String(time.description.prefix(16).replacing("T", with: " "))
    }
}

/// Writes rows whose columns begin below each other.
func writeTable(_ rows: [[String]]) {
    let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
        rows.map { column < $0.count ? $0[column].unicodeScalars.count : 0 }.max() ?? 0
    }
    for row in rows {
        let cells = zip(row, widths).map { cell, width in
            cell + String(repeating: " ", count: width - cell.unicodeScalars.count)
        }
        writeOutput(cells.joined(separator: "  ").trimmed)
    }
}
