import HTTPTypes
import Hummingbird
import Registry
import RegistryHTML

/// What a person has filled in, as browsers send it (`application/x-www-form-urlencoded`).
struct PageForm: Sendable {
    private let fields: RawQuery

    init(_ text: String) { fields = RawQuery(text) }

    /// The text of a field without the spaces around it; empty where there is none.
    func text(_ name: String) -> String {
        let text = fields.last(of: name) ?? ""
        let lines = text.replacing("\r\n", with: "\n").unicodeScalars
        let start = lines.drop { $0.properties.isWhitespace }
        guard let end = start.lastIndex(where: { !$0.properties.isWhitespace }) else { return "" }
        return String(start[...end])
    }

    /// The text of a field as it was typed: spaces around a password are part of it.
    func exact(_ name: String) -> String { fields.last(of: name) ?? "" }

    /// Every value of a field, such as of boxes that are ticked.
    func values(_ name: String) -> [String] {
        fields.pairs.filter { $0.name == name }.map(\.value)
    }

    /// Every field whose name begins like this, without that beginning.
    func values(under prefix: String) -> [(name: String, value: String)] {
        fields.pairs.filter { $0.name.hasPrefix(prefix) }
            .map { (String($0.name.dropFirst(prefix.count)), $0.value) }
    }

    /// What the page of the server wants to see again.
    fileprivate var code: String { text("form-code") }
}

/// Why a form was not taken.
enum PageFormError: AnswerableError {
    case otherSite
    case notShown
    case noForm
    case missing(String)

    var status: HTTPResponse.Status {
        switch self {
        case .otherSite, .notShown: .forbidden
        case .noForm: .unsupportedMediaType
        case .missing: .unprocessableContent
        }
    }

    var explanation: String {
        switch self {
        case .otherSite: "The form was sent from another site than this one."
        case .notShown:
            "The form is none that this browser was shown, or was shown before a login or logout. "
                + "Go back, load the page again and send it from there; the browser must take "
                + "cookies from here. Programs use the API."
        case .noForm: "This address takes what a form of the pages sends."
        case .missing(let what): "\(what) is missing."
        }
    }
}

extension PageCall {
    /// Refuses what a page of another site makes a browser send.
    func requireSameOrigin() throws(PageFormError) {
        guard !request.isFromOtherSite(context) else { throw .otherSite }
    }

    /// The form in the body, once it is known that the server has shown it to this browser.
    ///
    /// - Parameter most: how many bytes it may have.
    /// - Throws: ``PageFormError``, or ``BodyError`` when the body was not taken.
    func form(most: Int) async throws -> PageForm {
        let bytes = try await readBody(of: request, context: context, most: most)
        let type = (request.headers[.contentType] ?? "").prefix { $0 != ";" }.lowercased()
        guard type == "application/x-www-form-urlencoded" || bytes.isEmpty else {
            throw PageFormError.noForm
        }
        let form = PageForm(String(decoding: bytes, as: UTF8.self))
        guard services.pageKeys.forms.accepts(form.code, from: browser) else {
            throw PageFormError.notShown
        }
        return form
    }

    /// Whom a commit names: who has logged in, or, where nobody is asked to, who a person says
    /// that they are.
    func author(_ form: PageForm) -> Author {
        if let known = context.caller.author { return known }
        let name = form.text("name")
        return name.isEmpty || !context.caller.isUnrestricted ? .anonymous : Author(named: name)
    }

    /// Sends the browser to a page that shows what has happened; loading it again does nothing.
    func seeOther(_ path: String) -> Response {
        .empty(.seeOther, headers: [.location: context.prefix + path])
    }
}

extension MessagePage {
    /// The page for one that cannot be shown.
    static func unavailable(_ error: any AnswerableError) -> MessagePage {
        MessagePage(
            status: error.status.code,
            title: error.status == .notFound ? "Not found" : "Cannot be shown",
            message: error.explanation, advice: "The menu leads to what there is.")
    }

    /// The page for a form that could not be done.
    static func refused(_ error: any AnswerableError) -> MessagePage {
        MessagePage(
            status: error.status.code, title: "Not done", message: error.explanation,
            advice: "Nothing has changed. Go back, and try again when that is settled.")
    }
}
