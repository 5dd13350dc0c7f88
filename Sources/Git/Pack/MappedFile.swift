internal import Glibc

/// A file as it was when it was opened, read from the page cache without a copy.
///
/// Not for files that others cut short while they are read.
// The mapping is read-only and private, nothing changes it, and it lives as long as this does: any
// thread may read it.
final class MappedFile: @unchecked Sendable {
    let bytes: UnsafeRawBufferPointer

    /// nil where there is no such file, or it is empty.
    init?(_ path: String) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let size = FileFacts(of: descriptor)?.size, size > 0,
            let start = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED
        else { return nil }
        bytes = UnsafeRawBufferPointer(start: start, count: size)
    }

    deinit { munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count) }
}
