import GatewayCore
import Glibc

/// A mark beside the outbox that says how far the ledger had come: a ledger restored from an older backup is noticed by it.
package struct OutboxMarker: Sendable {
    private let parts: GatewayParts

    package init(parts: GatewayParts) { self.parts = parts }

    private var path: String { StateFolder.marker(in: parts.root + "/outbox") }

    /// Refuses to start when the outbox knows a later arrival than the ledger.
    package func requireKnown(holdsUnknown: Bool) throws {
        guard let published = try published() else { return }
        let known = try parts.ledger.lastFinished()
        guard published > known, try !parts.ledger.isRestored() else { return }
        guard !holdsUnknown else { return try parts.ledger.noteRestore(upTo: highestUsed(published)) }
        throw Finding(
            .ledgerOlderThanOutbox, at: Place(file: "state/ledger.sqlite"), found: .plain("\(known)"), ["outbox": .plain("\(published)")])
    }

    /// The highest number that an arrival ever had: by the marker and by what lies in the state.
    private func highestUsed(_ published: Arrival.ID) -> Arrival.ID {
        StateFolder.folders.flatMap { FileIO.names(in: parts.state.root + "/" + $0) }
            .compactMap { Int64($0.prefix { $0.isNumber }) }.reduce(published, max)
    }

    /// The highest arrival that was ever published here.
    private func published() throws(Finding) -> Arrival.ID? {
        guard FileIO.exists(path) else { return nil }
        let text = String(decoding: try FileIO.contents(path, shown: "outbox/.dropgate", limit: 4096), as: UTF8.self)
        return Int64(text.prefix { $0.isNumber })
    }

    /// Notes a published arrival. A hint for a later start: written at once, not flushed.
    func note(_ arrival: Arrival.ID) throws(Finding) {
        if let highest = try published(), highest >= arrival { return }
        try FileIO.makeFolder(parts.root + "/outbox", shown: "outbox")
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw FileIO.finding(.fileWriteFailed, "outbox/.dropgate") }
        defer { close(descriptor) }
        let digits = String(arrival)
        let text = Array((digits + String(repeating: " ", count: max(0, 20 - digits.utf8.count)) + "\n").utf8)
        guard pwrite(descriptor, text, text.count, 0) == text.count else { throw FileIO.finding(.fileWriteFailed, "outbox/.dropgate") }
    }
}
