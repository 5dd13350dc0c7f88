import Registry
import Glibc

/// What the system says about this process, under the names that Prometheus clients share.
struct ProcessMetrics: Sendable {
    /// Seconds since 1970.
    let startTime = Double(Timestamp.now.microseconds) / 1_000_000

    var families: [MetricFamily] {
        var families = [
            MetricFamily(
                .gauge, "process_start_time_seconds",
                "Start time of the process since the Unix epoch.", startTime)
        ]
        if let bytes = Self.residentBytes {
            families.append(
                MetricFamily(
                    .gauge, "process_resident_memory_bytes", "Resident memory size.", bytes))
        }
        return families
    }

    /// The second number of `/proc/self/statm`, in pages; nil where there is no such file.
    private static var residentBytes: Double? {
        guard let file = fopen("/proc/self/statm", "re") else { return nil }
        defer { fclose(file) }
        var line = [CChar](repeating: 0, count: 256)
        guard fgets(&line, Int32(line.count), file) != nil else { return nil }
        let text = String(
            decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
        let numbers = text.split(separator: " ")
        guard numbers.count > 1, let pages = Double(numbers[1]) else { return nil }
        return pages * Double(sysconf(Int32(_SC_PAGESIZE)))
    }
}
