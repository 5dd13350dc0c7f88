/// `Content-Disposition` for a file that clients save under `name` (RFC 6266).
///
/// A name beyond printable ASCII, or with a quote or a backslash, is given in the extended form
/// of RFC 8187 too, which clients prefer; the plain one then has `_` for what it cannot hold.
func attachment(named name: String) -> String {
    let plain = name.unicodeScalars.map { isPlain($0) ? Character($0) : "_" }
    let disposition = "attachment; filename=\"\(String(plain))\""
    guard !name.unicodeScalars.allSatisfy(isPlain) else { return disposition }
    return disposition + "; filename*=UTF-8''" + percentEncoded(name)
}

private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    (0x20...0x7E).contains(scalar.value) && scalar != "\"" && scalar != "\\"
}
