import JSON

extension APIReferencePage {
    func view(in frame: Frame) -> View {
        let links = Links(frame)
        var view = frame.view(title: shown.title, place: nil)
        view["heading"] = .text(shown.title)
        view["descriptionHTML"] = Self.marked(document["info"]?["description"])
        view["documentHref"] = .text(links.base + shown.path)
        view["documentPath"] = .text(shown.path)
        view["tabs"] = .list(
            apis.map { api in
                [
                    "text": .text(api.title), "current": .flag(api == shown),
                    "href": .text(
                        Links(frame).base + "/api-reference/?api=" + Links.encode(api.name)),
                ]
            })
        view["chapters"] = .list(chapters)
        view.add(list: "schemas", schemas)
        return view
    }

    /// The operations by tag, in the order of the document; one chapter where there are no tags.
    private var chapters: [View] {
        let tags = (document["tags"]?.array ?? []).compactMap { $0["name"]?.text }
        return (tags.isEmpty ? [nil] : tags.map(Optional.some)).map { tag in
            let entry = document["tags"]?.array?.first { $0["name"]?.text == tag }
            return [
                "id": .text("chapter-\(tag ?? "all")"), "name": .text(tag ?? "Operations"),
                "descriptionHTML": Self.marked(entry?["description"]),
                "operations": .list(operations(of: tag)),
            ]
        }
    }

    private func operations(of tag: String?) -> [View] {
        var views: [View] = []
        for (path, item) in document["paths"]?.object ?? [:] {
            for (method, operation) in item.object ?? [:] where method != "parameters" {
                let own = operation["tags"]?.array?.first?.text
                guard own == tag else { continue }
                let shared = item["parameters"]?.array ?? []
                views.append(
                    view(of: operation, method.description, path.description, shared))
            }
        }
        return views
    }

    private func view(
        of operation: JSONValue, _ method: String, _ path: String, _ shared: [JSONValue]
    ) -> View {
        let parameters = (shared + (operation["parameters"]?.array ?? [])).map(resolved)
        var view: View = [
            "id": .optional(operation["operationId"]?.text), "method": .text(method.uppercased()),
            "path": .text(path), "summaryHTML": Self.marked(operation["summary"]),
            "descriptionHTML": Self.marked(operation["description"]),
        ]
        view.add(list: "parameters", parameters.map(parameterView))
        view["bodies"] = .list(bodies(of: operation["requestBody"] ?? .null))
        view["answers"] = .list(
            (operation["responses"]?.object ?? [:]).map { status, answer in
                let answer = resolved(answer)
                return [
                    "status": .text(status.description),
                    "textHTML": Self.marked(answer["description"]),
                    "bodies": .list(bodies(of: answer)),
                ]
            })
        return view
    }

    private func parameterView(_ parameter: JSONValue) -> View {
        [
            "name": .optional(parameter["name"]?.text), "place": .optional(parameter["in"]?.text),
            "required": .flag(parameter["required"]?.bool == true),
            "textHTML": Self.marked(parameter["description"]),
            "type": .text(Self.type(of: parameter["schema"] ?? .null)),
        ]
    }

    private func bodies(of value: JSONValue) -> [View] {
        (value["content"]?.object ?? [:]).map { type, media in
            let schema = media["schema"] ?? .null
            let name = Self.name(inReference: schema)
            return [
                "media": .text(type.description), "type": .text(Self.type(of: schema)),
                "schemaHref": .optional(name.map { "#schema-\($0)" }),
            ]
        }
    }

    private var schemas: [View] {
        (document["components"]?["schemas"]?.object ?? [:]).map { name, schema in
            [
                "id": .text("schema-\(name)"), "name": .text(name.description),
                "schemaHTML": .html(JSONMarkup(schema.canonicalBytes(), folding: false).html),
            ]
        }
    }

    /// What a `$ref` leads to.
    private func resolved(_ value: JSONValue) -> JSONValue {
        guard let reference = value["$ref"]?.text,
            let pointer = try? JSONPointer(parsing: String(reference.dropFirst()))
        else { return value }
        return document.value(at: pointer) ?? value
    }

    /// Text with what stands between backticks as code.
    private static func marked(_ value: JSONValue?) -> View.Slot {
        guard let text = value?.text else { return .absent }
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        return .html(
            parts.enumerated().map { place, part in
                let html = VisibleHTML.escape(part)
                return place % 2 == 1 ? "<code>\(html)</code>" : html
            }.joined())
    }

    private static func name(inReference schema: JSONValue) -> String? {
        schema["$ref"]?.text.flatMap { $0.split(separator: "/").last.map(String.init) }
    }

    /// A few words for a schema: `string`, `list of Commit`, `merged or open`.
    private static func type(of schema: JSONValue) -> String {
        if let name = name(inReference: schema) { return name }
        if let words = schema["enum"]?.array {
            let texts = words.compactMap(\.text)
            return texts.count > 6 ? "one of \(texts.count) words" : texts.joined(separator: " or ")
        }
        if let choices = schema["anyOf"]?.array {
            // One level: schemas within name themselves.
            return choices.map { name(inReference: $0) ?? $0["type"]?.text ?? "any" }
                .joined(separator: " or ")
        }
        if schema["type"]?.text == "array", let items = schema["items"] {
            return "list of \(name(inReference: items) ?? items["type"]?.text ?? "any")"
        }
        let types = schema["type"]?.array?.compactMap(\.text).joined(separator: " or ")
        return schema["type"]?.text ?? types ?? "any"
    }
}
