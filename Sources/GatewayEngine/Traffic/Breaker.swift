import GatewayCore

/// When a failed endpoint may be tried again: after 1 s, then after twice as long with each failure, a quarter of an hour at most.
/// Of that a random part, so that endpoints of one partner do not come back in step.
struct Breaker: Sendable {
    private(set) var failures = 0
    private(set) var lastFailure: Finding?
    /// Why it is tried no more.
    private(set) var stopped: Finding?
    /// No attempt before this time, in nanoseconds that never jump.
    private(set) var until: Int64 = 0

    /// Milliseconds.
    private static let first: Int64 = 1_000
    private static let least: Int64 = 200
    private static let most: Int64 = 900_000

    mutating func succeed() { self = Breaker() }

    /// - Parameter chance: which part of the time, 255 all of it.
    mutating func fail(_ finding: Finding, now: Int64, chance: UInt8) {
        failures += 1
        lastFailure = finding
        let longest = min(Self.first << Int64(min(failures - 1, 20)), Self.most)
        until = now + max(Self.least, longest * (Int64(chance) + 1) / 256) * 1_000_000
    }

    mutating func stop(_ finding: Finding) {
        failures += 1
        lastFailure = finding
        stopped = finding
    }

    /// Whether a failure stops an endpoint at once: another attempt could lock the account, or talk to a stranger.
    static func stops(_ code: FindingCode) -> Bool {
        [.transportLoginRefused, .transportHostKeyChanged, .transportHostKeyExchange, .transportHostKeyMissing, .tlsKeyChanged].contains(
            code)
    }
}
