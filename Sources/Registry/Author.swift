/// Who a commit says wrote it.
public struct Author: Hashable, Sendable {
    public let name: String
    /// `<id>@muster.invalid` for those the registry names itself.
    public let email: String

    /// Takes a name and an address as given; the store replaces what git cannot hold.
    public init(name: String, email: String) {
        self.name = name
        self.email = email
    }

    public static let anonymous = Author(name: "anonymous", email: "anonymous@muster.invalid")

    /// A device that writes about itself: `device <uid>`.
    public static func device(_ id: DocumentID) -> Author {
        Author(name: "device \(id)", email: "\(id)@muster.invalid")
    }
}
