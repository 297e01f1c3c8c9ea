import FoundationEssentials
import Glibc

/// The time that the gateway goes by; tests and rehearsals give their own.
package protocol GatewayClock: Sendable {
    /// Milliseconds since 1970, for what people and carriers read.
    func now() -> Int64
    /// Milliseconds that never jump, for waiting and quiet times.
    func elapsed() -> Int64
}

/// The machine's clocks.
package struct SystemClock: GatewayClock {
    package init() {}
    package func now() -> Int64 { read(CLOCK_REALTIME) }
    package func elapsed() -> Int64 { read(CLOCK_MONOTONIC) }

    private func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }
}

/// A wall clock that stands still, so that two runs write the same bytes; waiting still goes by the machine's clock.
package struct StandingClock: GatewayClock {
    private let instant: Int64
    package init(at milliseconds: Int64) { instant = milliseconds }
    package func now() -> Int64 { instant }
    package func elapsed() -> Int64 { SystemClock().elapsed() }
}
