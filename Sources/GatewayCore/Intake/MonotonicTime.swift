import Glibc

/// The gateway's own clock for waiting: nanoseconds since the machine started, never set back.
package enum MonotonicTime {
    /// Now.
    package static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
