/// The ledger's part for partners' servers: what was seen there and fetched, and what is on its way there.
///
/// Every method that changes something is one transaction, on disk when it returns. From any thread.
package protocol TrafficLedger: Sendable {
    /// 16 hexadecimal digits of this ledger.
    var identity: String { get }

    // MARK: Files that come in
    /// Claims a file as it was sighted, before its first byte is fetched. The same unsettled sighting gives the claim that is there.
    func claim(_ source: RemoteSource) throws -> RemoteSource
    /// Stores the next state of a claim; the content with ``RemoteSource/State/fetched``.
    func note(_ source: RemoteSource) throws
    /// Forgets a claim: the file changed before it was whole here.
    func release(_ source: RemoteSource.ID) throws
    /// Claims of an endpoint that are not settled, oldest first.
    func openSources(endpoint: String) throws -> [RemoteSource]
    /// Settled files of a folder that stay there, newest last.
    func left(endpoint: String, folder: String, each: (RemoteSource) -> Void) throws
    /// The highest arrival so far.
    func lastArrival() throws -> Arrival.ID
    /// How an arrival later than `after` with this content ended; nil: it has not, or not yet.
    func outcome(flow: String, mode: Mode, content: ContentHash, after: Arrival.ID) throws -> Arrival.State?

    // MARK: Files that go out
    /// Notes that a document is to go to a server. The same name in the same folder gives the delivery that is there.
    func intend(_ delivery: Delivery) throws -> Delivery
    /// Stores the next state of a delivery.
    func note(_ delivery: Delivery) throws
    /// Deliveries of an endpoint that are not done, oldest first.
    func openDeliveries(endpoint: String) throws -> [Delivery]

    // MARK: Endpoints
    /// What `dropgate doctor` found out about an endpoint.
    func fact(_ name: String, of endpoint: String) throws -> String?
    func setFact(_ name: String, of endpoint: String, _ value: String) throws
}

/// A file at a server: from its claim until it was moved, removed or left there for good.
package struct RemoteSource: Hashable, Sendable {
    package typealias ID = Int64

    package enum State: String, Sendable, CaseIterable {
        /// In the ledger; perhaps some bytes are here.
        case claimed
        /// Whole, hashed and flushed here.
        case fetched
        /// In the flow's inbox, or taken in from there.
        case staged
        /// Nothing is left to do.
        case settled
    }

    package var id: ID = 0
    package var endpoint: String
    /// As `dropgate.yaml` says it.
    package var folder: String
    package var name: String
    package var sighting: RemoteSighting
    /// Of the listing, to save a question; nil: none.
    package var mark: UInt64?
    package var flow: String
    package var mode: Mode
    package var state: State = .claimed
    package var content: ContentHash?
    /// The highest arrival before it came into the inbox.
    package var after: Arrival.ID = 0
    /// Milliseconds since 1970.
    package var claimed: Int64

    package init(
        endpoint: String, folder: String, name: String, sighting: RemoteSighting, mark: UInt64?, flow: String, mode: Mode, claimed: Int64
    ) {
        self.endpoint = endpoint
        self.folder = folder
        self.name = name
        self.sighting = sighting
        self.mark = mark
        self.flow = flow
        self.mode = mode
        self.claimed = claimed
    }
}

/// A document on its way from a local outbox to a server.
package struct Delivery: Hashable, Sendable {
    package typealias ID = Int64

    package enum State: String, Sendable, CaseIterable {
        /// To be sent; what an earlier attempt left is named in ``Delivery/unfinished``.
        case waiting
        /// Whole there under ``Delivery/unfinished``; the rename to its name may have been made.
        case renaming
        /// Published; the partner's marker is missing.
        case marking
        /// Published, or found there.
        case done
    }

    package var id: ID = 0
    package var endpoint: String
    /// As `dropgate.yaml` says it.
    package var folder: String
    package var name: String
    /// The local outbox, relative to the workspace.
    package var source: String
    package var size: Int64
    /// Of the bytes that go out.
    package var content: ContentHash
    package var state: State = .waiting
    package var attempts = 0
    /// Path of the unfinished file at the server.
    package var unfinished: String?
    /// Milliseconds since 1970.
    package var intended: Int64
    package var finished: Int64?

    package init(endpoint: String, folder: String, name: String, source: String, size: Int64, content: ContentHash, intended: Int64) {
        self.endpoint = endpoint
        self.folder = folder
        self.name = name
        self.source = source
        self.size = size
        self.content = content
        self.intended = intended
    }
}
