import FoundationEssentials
import GatewayCore

/// How an endpoint stands, as the gateway stored it when it last changed: what `dropgate status` shows.
package struct EndpointStanding: Codable, Sendable, Hashable {
    package enum State: String, Codable, Sendable, CaseIterable {
        case fine
        /// It failed and rests until ``EndpointStanding/until``.
        case waiting
        /// It stands still until somebody mends it.
        case stopped
    }

    package var state: State
    /// When that state began, milliseconds since 1970.
    package var since: Int64
    /// Of ``State/waiting``: the next attempt, milliseconds since 1970.
    package var until: Int64?
    /// Failures one after the other.
    package var failures = 0
    /// Code of the last failure.
    package var code: String?
    /// The last failure with what to do, personal values masked.
    package var sentence: String?

    init(_ state: State, since: Int64) {
        self.state = state
        self.since = since
    }

    /// Whether nothing that people want to know is different.
    func says(the other: EndpointStanding) -> Bool {
        state == other.state && failures == other.failures && code == other.code && sentence == other.sentence
    }
}

/// Names of what is stored about an endpoint.
package enum EndpointFact {
    /// How unfinished files are named there: a ``RemoteTemp``. By `dropgate doctor`.
    package static let temp = "temp"
    /// An ``EndpointStanding`` as JSON. By the running gateway.
    package static let standing = "standing"
    /// When `dropgate doctor` last found a stopped endpoint well, milliseconds since 1970.
    package static let mended = "mended"
}

extension TrafficLedger {
    /// Nil: it was never tried, or a newer Dropgate wrote it.
    package func standing(of endpoint: String) throws -> EndpointStanding? {
        guard let text = try fact(EndpointFact.standing, of: endpoint) else { return nil }
        // It is only shown and written anew with the next change: one that can't be read is as good as none.
        // Written by another version: nothing is known of it then.
        return try? JSONDecoder().decode(EndpointStanding.self, from: Data(text.utf8))
    }

    func setStanding(_ standing: EndpointStanding, of endpoint: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try setFact(EndpointFact.standing, of: endpoint, String(decoding: try encoder.encode(standing), as: UTF8.self))
    }
}
