public import Registry

/// A page that says why there is no other.
public struct MessagePage: Sendable {
    /// The status it is sent with.
    public var status: Int
    public var title: String
    public var message: String
    /// What the reader can do, empty for nothing.
    public var advice: String
    /// A document that is not there, and may have been deleted.
    public var document: DocumentKey?

    public init(status: Int, title: String, message: String, advice: String = "") {
        self.status = status
        self.title = title
        self.message = message
        self.advice = advice
    }

    /// No device has this uid: 404 with `device <uid> not found`.
    public static func unknownDevice(_ uid: String) -> MessagePage {
        unknownDocument("device", uid, DocumentID(uid).map { DocumentKey(.devices, $0) })
    }

    /// No document has this uid, such as `dashboard` or `rule file`.
    public static func unknownDocument(
        _ kind: String, _ uid: String, _ key: DocumentKey? = nil
    ) -> MessagePage {
        var page = MessagePage(
            status: 404, title: "Not found", message: "\(kind) \(uid) not found",
            advice: "It may have been renamed or removed; git log still knows.")
        page.document = key
        return page
    }

    /// Nothing is at this path.
    public static func unknownPath(_ path: String) -> MessagePage {
        MessagePage(
            status: 404, title: "Not found", message: "Nothing is at \(path).",
            advice: "Check the address, or start from the overview.")
    }

    /// The page can only be read.
    public static func methodNotAllowed(_ method: String) -> MessagePage {
        MessagePage(
            status: 405, title: "Method not allowed",
            message: "Pages can only be read; \(method) is not possible here.",
            advice: "To change a document, use the API, or edit its file in a clone.")
    }
}
