import Hummingbird

/// Lets links start with the public URL, whatever the request names.
struct PublicLinks: RequestStep {
    private let publicURL: PublicURL

    /// Nil where there is no public URL.
    init?(_ configuration: ServerConfiguration) {
        guard let publicURL = configuration.publicURL else { return nil }
        self.publicURL = publicURL
    }

    func receive(_ request: inout Request, _ context: inout AppRequestContext) -> Response? {
        context.scheme = publicURL.scheme
        context.host = "\(publicURL.authority)"
        context.prefix = publicURL.path
        return nil
    }
}
