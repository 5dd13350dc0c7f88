import HTTPTypes
import Hummingbird
import JSON
import Registry

extension NativeCall {
    /// The media type of the body, without parameters.
    private var bodyType: String {
        String((request.headers[.contentType] ?? "").prefix { $0 != ";" }.filter { $0 != " " })
            .lowercased()
    }

    /// The body of a PUT.
    func documentContent(
        of collection: Registry.Collection
    ) async throws -> DocumentWrite.Content {
        let bytes = try await bytes()
        switch bodyType {
        case "application/json": return .data(try parsed(bytes))
        case "application/yaml", "application/x-yaml", "text/yaml", "text/plain":
            guard !collection.isJSON else { break }
            return .bytes(bytes)
        default: break
        }
        throw NativeError.documentType(
            collection.isJSON
                ? "application/json" : "application/yaml (its text) or application/json")
    }

    /// The body of a PATCH.
    func patch(of collection: Registry.Collection) async throws -> DocumentWrite.Work {
        guard collection.isJSON else { throw NativeError.notPatched(collection) }
        let bytes = try await bytes()
        switch bodyType {
        case "application/merge-patch+json", "application/json":
            let patch = try parsed(bytes)
            guard patch.object != nil else {
                throw NativeError.invalid(
                    "",
                    "A merge patch of a document is an object; a list of operations is sent as "
                        + "application/json-patch+json.")
            }
            return .mergePatch(patch)
        case "application/json-patch+json":
            let value = try parsed(bytes)
            do throws(JSONPatchError) {
                return .patch(try JSONPatch(value))
            } catch {
                throw NativeError.invalid("", error.description)
            }
        default: throw NativeError.patchType
        }
    }

    /// Whether only the plan is asked for (`?dry_run=true`).
    var isDryRun: Bool {
        get throws(NativeError) {
            switch path.query.last(of: "dry_run") {
            case nil, "false", "0": false
            case "", "true", "1": true
            default: throw .parameter("dry_run", "Must be true or false.")
            }
        }
    }

    /// The bytes of the body as JSON.
    func parsed(_ bytes: [UInt8]) throws(NativeError) -> JSONValue {
        do throws(JSONSyntaxError) {
            return try JSONValue(parsing: bytes, options: .document)
        } catch {
            throw .syntax(error)
        }
    }
}

/// What a write says beside its body: who, why, and whether it is only to be tried.
struct WriteRequest: Sendable {
    var author: Author
    var message: String?
    let isDryRun: Bool

    static let parameters: [APIParameter] =
        [
            .dryRun,
            .header("If-Match", .text, "The tag of the version that is to be changed, or `*`."),
            .header("If-None-Match", .text, "`*`: there must be no such document yet."),
        ] + naming

    static let naming: [APIParameter] = [
        .header("X-Commit-Message", .text, "Goes into the commit's message; at most 4 KiB."),
        .header(
            "Registry-Author", .text,
            "Who acts: `Ada <ada@example.org>`. A caller who has an account acts as that."),
        .header(
            "Registry-Propose", .text,
            "Makes a proposal of it: the title of a new one, or the number of one."),
    ]

    init(_ call: NativeCall) throws(NativeError) {
        let said = try call.request.author
        author = call.context.caller.author ?? said ?? .anonymous
        message = call.request.headers.commitMessage
        isDryRun = try call.isDryRun
    }
}

extension Request {
    /// Who acts (`Registry-Author`): `Ada <ada@example.org>`, or a name alone.
    fileprivate var author: Author? {
        get throws(NativeError) {
            guard let field = headers[.registryAuthor], !field.isEmpty else { return nil }
            let parts = field.split(separator: "<", maxSplits: 1)
            let name = (parts.first ?? "").split(separator: " ").joined(separator: " ")
            let email = parts.dropFirst().first.map { $0.prefix { $0 != ">" } }.map(String.init)
            guard !name.isEmpty,
                email?.unicodeScalars.allSatisfy({ $0.value > 0x20 && $0 != ">" }) != false
            else {
                throw .parameter("Registry-Author", "Must be a name, or `Ada <ada@example.org>`.")
            }
            return Author(named: name, email: email)
        }
    }
}

extension HTTPField.Name {
    /// Who acts, on requests whose body is a document.
    static let registryAuthor = knownName("Registry-Author")
}
