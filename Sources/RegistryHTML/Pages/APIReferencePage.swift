public import JSON

/// The description of an API, made from its OpenAPI 3.1 document.
public struct APIReferencePage: Sendable {
    /// An API that has a description.
    public struct API: Hashable, Sendable {
        /// Its value in the query.
        public let name: String
        public let title: String
        /// The path of its OpenAPI document.
        public let path: String

        public init(name: String, title: String, path: String) {
            self.name = name
            self.title = title
            self.path = path
        }
    }

    public let apis: [API]
    public let shown: API
    public let document: JSONValue

    /// - Parameter document: the OpenAPI document of `shown`.
    public init(apis: [API], shown: API, document: JSONValue) {
        self.apis = apis
        self.shown = shown
        self.document = document
    }
}
