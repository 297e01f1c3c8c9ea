import GatewayCore

/// The workspace's own files under `state/`: names are numbers of the ledger, never a sender's.
package struct StateFolder: Sendable {
    package let root: String

    package init(workspace root: String) { self.root = root + "/state" }

    package var ledger: String { root + "/ledger.sqlite" }
    package var key: String { root + "/key" }
    package var lock: String { root + "/lock" }
    /// The marker beside the published documents that says how far the ledger had come.
    package static func marker(in outbox: String) -> String { outbox + "/.dropgate" }

    /// An original from its claim to its outcome.
    package func spool(_ arrival: Arrival.ID) -> String { "\(root)/spool/\(arrival)" }
    /// For files without a name.
    package var scratch: String { root + "/scratch" }
    /// The rows of a file that was grouped on disk.
    package func scratch(_ arrival: Arrival.ID) -> String { "\(root)/scratch/\(arrival)" }
    /// A document that is written and not yet published.
    package func outgoing(_ arrival: Arrival.ID, _ name: String) -> String { "\(root)/outgoing/\(arrival).\(name)" }
    /// An original after its outcome.
    package func archive(_ arrival: Arrival.ID) -> String { "\(root)/archive/\(arrival)" }
    /// An original that could not be read as orders.
    package func held(_ arrival: Arrival.ID) -> String { "\(root)/held/\(arrival)" }

    /// What a corrected receipt and its original gave together: the rows that are run.
    package func merged(_ arrival: Arrival.ID) -> String { "\(root)/merged/\(arrival)" }

    /// A mark of an arrival whose orders all count as shipped elsewhere.
    package func baseline(_ arrival: Arrival.ID) -> String { "\(root)/baseline/\(arrival)" }

    /// A file of a server, until it is in an inbox.
    package func fetched(_ name: String) -> String { "\(root)/fetched/\(name)" }
    /// Generated files for connections.
    package var endpoints: String { root + "/endpoints" }

    package static let folders = ["spool", "scratch", "outgoing", "archive", "held", "merged", "baseline", "wake"]
    /// Folders whose names are not those of arrivals.
    private static let others = ["fetched", "endpoints"]

    package func make() throws(Finding) {
        for folder in Self.folders + Self.others { try FileIO.makeFolder("\(root)/\(folder)", mode: 0o700, shown: "state/\(folder)") }
    }

    /// Where the rows of an arrival lie: of a corrected receipt the merged file, else the original.
    package func rows(_ arrival: Arrival.ID) -> String? {
        FileIO.exists(merged(arrival)) ? merged(arrival) : original(arrival)
    }

    /// Where the original of an arrival lies now, as it was dropped.
    package func original(_ arrival: Arrival.ID) -> String? {
        [spool(arrival), archive(arrival), held(arrival)].first(where: FileIO.exists)
    }
}
