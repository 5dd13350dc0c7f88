import ArgumentParser
import Registry

/// Reads the name of an account.
func accountName(_ text: String) throws -> AccountName {
    guard let name = AccountName(text) else {
        throw ValidationError(
            "'\(text)' is no name of an account: a-z 0-9 . _ -, at most 64, the first a letter or digit."
        )
    }
    return name
}

/// Reads one of the rights that a token may have.
func accessRight(_ text: String) throws -> AccessRight {
    guard let right = AccessRight(rawValue: text) else {
        let known = AccessRight.allCases.map(\.rawValue).joined(separator: ", ")
        throw ValidationError("'\(text)' is no right; there are \(known).")
    }
    return right
}

/// Reads an address or a network.
func addressBlock(_ text: String) throws -> AddressBlock {
    guard let block = AddressBlock(text) else {
        throw ValidationError("'\(text)' is no address or network, such as 10.0.0.0/8.")
    }
    return block
}
