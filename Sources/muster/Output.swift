import Glibc
import JSON

/// Writes a line to standard output.
func writeOutput(_ line: String) { write(line + "\n", to: STDOUT_FILENO) }

/// Writes one JSON value for scripts to standard output.
func writeJSON(_ value: JSONValue) {
    write(String(decoding: value.canonicalBytes(), as: UTF8.self), to: STDOUT_FILENO)
}

/// Writes a line to standard error.
func writeError(_ line: String) { write(line + "\n", to: STDERR_FILENO) }

private func write(_ text: String, to descriptor: CInt) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
        let written = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
        // Whoever reads has gone, as `head` does: nobody is left to tell.
        guard written > 0 else { return }
        bytes = bytes.dropFirst(written)
    }
}
