public import HTTPTypes
public import Hummingbird
import NIOCore

extension Response {
    /// An answer of JSON text.
    public static func json(
        _ status: HTTPResponse.Status = .ok, _ bytes: [UInt8], headers: HTTPFields = [:]
    ) -> Response {
        .bytes(status, bytes, contentType: "application/json", headers: headers)
    }

    /// An answer of an HTML document.
    public static func html(
        _ status: HTTPResponse.Status = .ok, _ text: String, headers: HTTPFields = [:]
    ) -> Response {
        .bytes(status, text.utf8, contentType: "text/html; charset=utf-8", headers: headers)
    }

    /// An answer of plain text.
    public static func text(
        _ status: HTTPResponse.Status = .ok, _ text: String, headers: HTTPFields = [:]
    ) -> Response {
        .bytes(status, text.utf8, contentType: "text/plain; charset=utf-8", headers: headers)
    }

    /// An answer of these bytes.
    public static func bytes(
        _ status: HTTPResponse.Status, _ bytes: some Swift.Collection<UInt8>, contentType: String,
        headers: HTTPFields = [:]
    ) -> Response {
        var headers = headers
        headers[.contentType] = contentType
        return Response(
            status: status, headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }

    /// An answer without body and content type.
    public static func empty(
        _ status: HTTPResponse.Status, headers: HTTPFields = [:]
    ) -> Response {
        Response(status: status, headers: headers)
    }

    /// The server's own shape for paths and errors that belong to no dialect:
    /// `{"message": "...", "status": 404}`, with the request's id where that helps to find the log.
    static func message(
        _ status: HTTPResponse.Status, _ text: String, requestID: String? = nil,
        headers: HTTPFields = [:]
    ) -> Response {
        let id = requestID.map { ", \"request_id\": \(jsonText($0))" } ?? ""
        let body = "{\"message\": \(jsonText(text)), \"status\": \(status.code)\(id)}"
        return .json(status, Array(body.utf8), headers: headers)
    }
}

/// `text` as a JSON string, with its quotes.
func jsonText(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
        switch scalar {
        case "\"": quoted += "\\\""
        case "\\": quoted += "\\\\"
        case "\n": quoted += "\\n"
        case _ where scalar.value < 0x20 || scalar.value == 0x7F:
            let digits = String(scalar.value, radix: 16)
            quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        default: quoted.unicodeScalars.append(scalar)
        }
    }
    return quoted + "\""
}
