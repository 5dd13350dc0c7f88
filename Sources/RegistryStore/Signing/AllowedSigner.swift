internal import Glibc
internal import Registry

/// One line of a file of allowed signers: `ada@example.org namespaces="git" ssh-ed25519 AAAA...`.
struct AllowedSigner {
    /// Whom the key is, as patterns: `ada@example.org,*@lab.example.org`.
    let principals: String
    /// As they stand before the key, `valid-before="20300101Z"`.
    private var options: [String]
    let key: SSHPublicKey

    init(principals: String, key: SSHPublicKey) {
        self.principals = principals
        self.key = key
        options = ["namespaces=\"\(SSHSignature.gitNamespace)\""]
    }

    /// Nil where it is empty, a comment, or makes no sense.
    init?(line: Substring) {
        let fields = Self.parts(of: line.utf8, by: [0x20, 0x09, 0x0D])
        guard let first = fields.first, !first.hasPrefix("#") else { return nil }
        principals = first.unquoted
        for place in 1...2 where fields.count > place + 1 {
            guard let blob = base64Bytes(fields[place + 1].utf8),
                let key = SSHPublicKey(blob: blob), key.kind == fields[place]
            else { continue }
            self.key = key
            options = place == 1 ? [] : Self.parts(of: fields[1].utf8, by: [UInt8(ascii: ",")])
            return
        }
        return nil
    }

    var line: String {
        let options = options.isEmpty ? "" : options.joined(separator: ",") + " "
        let name = principals.contains(" ") ? "\"\(principals)\"" : principals
        return "\(name) \(options)\(key)"
    }

    /// Whether a signature of git that was made at a time, in seconds since 1970, counts.
    ///
    /// A key that vouches for other keys is no signer itself, and a time that makes no sense allows
    /// nothing.
    func allowsGit(at seconds: Int64) -> Bool {
        let names = option("namespaces")?.split(separator: ",").map { $0.trimmingPrefix(" ") }
        guard names?.contains(SSHSignature.gitNamespace[...]) != false,
            option("cert-authority") == nil
        else { return false }
        if let text = option("valid-after") {
            guard let start = Self.seconds(text), seconds >= start else { return false }
        }
        if let text = option("valid-before") {
            guard let end = Self.seconds(text), seconds <= end else { return false }
        }
        return true
    }

    mutating func retire(at seconds: Int64) {
        let time = Timestamp(microseconds: seconds &* 1_000_000).civil
        let digits = [time.month, time.day, time.hour, time.minute, time.second]
            .map { ($0 < 10 ? "0" : "") + String($0) }.joined()
        options.removeAll { $0.lowercased().hasPrefix("valid-before=") }
        options.append("valid-before=\"\(time.year)\(digits)Z\"")
    }

    /// The value of an option; empty for one without.
    private func option(_ name: String) -> String? {
        for option in options {
            let parts = option.split(separator: "=", maxSplits: 1)
            guard parts.first?.lowercased() == name else { continue }
            return parts.count > 1 ? String(parts[1]).unquoted : ""
        }
        return nil
    }

    /// Cuts at any of `separators` that no quotes are around.
    private static func parts(
        of text: some Sequence<UInt8>, by separators: [UInt8]
    ) -> [String] {
        var parts: [[UInt8]] = [[]]
        var isQuoted = false
        for byte in text {
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            if !isQuoted, separators.contains(byte) {
                parts.append([])
            } else {
                parts[parts.count - 1].append(byte)
            }
        }
        return parts.filter { !$0.isEmpty }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// `YYYYMMDD[Z]` or `YYYYMMDDHHMM[SS][Z]`, without the `Z` by this machine's clock.
    private static func seconds(_ text: String) -> Int64? {
        let isUTC = text.hasSuffix("Z")
        let digits = (isUTC ? text.dropLast() : text[...]).utf8.map { Int32($0) - 0x30 }
        guard [8, 12, 14].contains(digits.count), digits.allSatisfy({ (0...9).contains($0) }) else {
            return nil
        }
        let pairs = stride(from: 0, to: digits.count, by: 2).map {
            digits[$0] * 10 + digits[$0 + 1]
        }
        var time = tm()
        time.tm_year = pairs[0] * 100 + pairs[1] - 1900
        time.tm_mon = pairs[2] - 1
        time.tm_mday = pairs[3]
        if pairs.count > 4 { (time.tm_hour, time.tm_min) = (pairs[4], pairs[5]) }
        if pairs.count > 6 { time.tm_sec = pairs[6] }
        time.tm_isdst = -1
        return Int64(isUTC ? timegm(&time) : mktime(&time))
    }
}

extension String {
    /// Without the double quotes around it.
    fileprivate var unquoted: String {
        utf8.count > 1 && hasPrefix("\"") && hasSuffix("\"") ? String(dropFirst().dropLast()) : self
    }
}
