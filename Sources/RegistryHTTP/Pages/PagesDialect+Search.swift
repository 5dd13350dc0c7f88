import Hummingbird
import JSON
import Registry
import RegistryHTML

extension PagesDialect {
    /// How many documents are shown.
    private static let searchLimit = 50

    /// `/search/`: `q` searches every document.
    func search(_ call: PageCall) async -> Response {
        let query = SearchQuery(call.path.query.last(of: "q") ?? "")
        var page = SearchPage(query: query.text, hits: [], total: 0, isComplete: true)
        if !query.isEmpty {
            let found = await RegistrySearch(query, in: call.snapshot, limit: Self.searchLimit)
            page = SearchPage(
                query: query.text, hits: found.hits.map(\.shown), total: found.total,
                isComplete: found.isComplete)
        }
        return call.page(services.renderer.render(page, in: await call.frame()))
    }

    /// `/api-reference/`: `api` is `native` or `cos`.
    func apiReference(_ call: PageCall) async -> Response {
        let apis: [APIReferencePage.API] = [
            .init(name: "native", title: "Registry API", path: NativeDialect.descriptionPath),
            .init(name: "cos", title: "COS API", path: "/api/v1/schema/"),
        ]
        let name = call.path.query.last(of: "api") ?? "native"
        guard let shown = apis.first(where: { $0.name == name }) else { return await call.noPage }
        let document =
            name == "cos" ? CosSchema.document : NativeDialect.description.json
        let page = APIReferencePage(apis: apis, shown: shown, document: document)
        return call.page(services.renderer.render(page, in: await call.frame()))
    }
}

extension SearchHit {
    fileprivate var shown: SearchPage.Hit {
        SearchPage.Hit(
            key: document.key, title: title,
            matches: matches.map { ($0.pointer?.description, $0.text) })
    }
}
