import HTTPTypes
import Hummingbird

extension Request {
    /// Whether a page of another site makes a browser send this.
    ///
    /// Where nobody has to log in, a registry on the own network must not be changed from the
    /// internet. Browsers say where a request comes from: in `Sec-Fetch-Site` where
    /// the connection is one that nobody else can touch, else in `Origin`. Other programs send neither.
    func isFromOtherSite(_ context: AppRequestContext) -> Bool {
        if let site = headers[.secFetchSite] { return site != "same-origin" && site != "none" }
        guard let origin = headers[.origin] else { return false }
        return origin.lowercased() != "\(context.scheme)://\(context.host)".lowercased()
    }
}

extension HTTPField.Name {
    static let secFetchSite = knownName("Sec-Fetch-Site")
}
