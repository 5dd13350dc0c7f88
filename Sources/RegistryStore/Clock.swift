internal import Glibc

/// The system's clocks.
enum Clock {
    /// Seconds since 1970.
    static var seconds: Int64 { Int64(time(nil)) }

    /// Seconds since some moment, never set back.
    static var monotonicSeconds: Double {
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
    }
}
