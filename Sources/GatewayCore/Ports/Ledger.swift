/// Where orders of one shop in one mode live in the ledger.
package struct SpaceID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A carrier account in one mode: keys are unique within it.
package struct AccountID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// `test` has its own orders, keys and number ranges; nothing of it leaves for a carrier.
package enum Mode: String, Sendable, CaseIterable {
    case test, live
}

/// A drop that was taken in: from its claim to its outcome.
package struct Arrival: Hashable, Sendable {
    package typealias ID = Int64

    package var id: ID
    /// `merchant/flow`.
    package var flow: String
    package var mode: Mode
    /// Name it was dropped under.
    package var name: String
    package var size: Int64
    /// Modification time, nanoseconds since 1970.
    package var modified: Int64
    package var inode: UInt64
    package var state: State
    package var content: ContentHash?
    /// When it was claimed, milliseconds since 1970.
    package var claimed: Int64
    package var finished: Int64?
    /// Short hash of the mappings and settings that made its consignments.
    package var mapping: String
    /// Times that it was run; a run that a crash ended counts.
    package var run: Int
    package var totals: Totals
    /// Code of the finding that refused it, or why it waits.
    package var code: String?
    /// Receipts issued for it; the next is `.r<receipts + 1>`.
    package var receipts: Int
    /// The receipt that says why it was refused or waits, as long as it is not known to be published.
    package var notice: DocumentIntent?

    package enum State: String, Sendable, CaseIterable {
        /// In the ledger; the file may still lie in the inbox.
        case claimed
        /// Documents and receipt are written and their digests in the ledger; some may be published.
        case intended
        /// All of it is published.
        case done
        /// Not an order file that we can read; the original is kept in `held`.
        case refused
        /// A go-live guard holds all of it until it is released.
        case guarded
    }

    package struct Totals: Hashable, Sendable {
        package var orders = 0, shipped = 0, skipped = 0, held = 0, unchanged = 0
        package init() {}
    }

    package init(
        id: ID, flow: String, mode: Mode, name: String, size: Int64, modified: Int64, inode: UInt64, state: State,
        claimed: Int64
    ) {
        self.id = id
        self.flow = flow
        self.mode = mode
        self.name = name
        self.size = size
        self.modified = modified
        self.inode = inode
        self.state = state
        self.claimed = claimed
        mapping = ""
        run = 0
        totals = Totals()
        receipts = 0
    }
}

/// How one run of an arrival is judged. One carrier account a run; documents are numbered from 1 within the arrival.
package struct RunSettings: Sendable {
    package var arrival: Arrival.ID
    package var space: SpaceID
    package var account: AccountID
    package var mapping: String
    /// Orders in one document, at least 1.
    package var ordersPerDocument: Int
    /// A range that each consignment draws a number from, by name; nil: none.
    package var range: String?
    /// The range's first and last number.
    package var rangeNumbers: ClosedRange<Int64> = 1...Int64.max
    /// Everything that would ship counts as shipped elsewhere.
    package var isBaseline = false
    /// Held orders whose code is in here are judged as if new (`held retry --because CODE`); nil: held ones always are.
    package var now: Int64

    package init(
        arrival: Arrival.ID, space: SpaceID, account: AccountID, mapping: String, ordersPerDocument: Int,
        range: String? = nil, now: Int64
    ) {
        self.arrival = arrival
        self.space = space
        self.account = account
        self.mapping = mapping
        self.ordersPerDocument = ordersPerDocument
        self.range = range
        self.now = now
    }
}

/// The orders of a batch as the ledger needs them: flat arrays, bytes by offset into the batch's memory.
package struct LedgerBatch: @unchecked Sendable {
    /// The batch's memory; valid during the call only.
    package var memory: UnsafeRawPointer
    package var orders: [LedgerOrder] = []
    /// Lines of all orders, each order's together.
    package var lines: [LedgerLine] = []

    package init(memory: UnsafeRawPointer) { self.memory = memory }
}

package struct LedgerOrder: BitwiseCopyable, Sendable {
    /// The reference's bytes (UTF-8), by offset in the batch's memory.
    package var reference: (offset: UInt32, count: UInt32)
    /// Bytes of the carrier's key without a suffix; empty when the order does not ship.
    package var key: (offset: UInt32, count: UInt32)
    /// First row in the file, as a spreadsheet shows it.
    package var row: UInt32
    package var fate: Fate
    /// For `.hold` the finding's code, for `.skip` the reason: index in the run's list of words.
    package var word: UInt16
    package var digests: (UInt64, UInt64, UInt64, UInt64)
    /// Its lines: `firstLine ..< endLine` of the batch's.
    package var firstLine: UInt32
    package var endLine: UInt32

    package init(
        reference: (UInt32, UInt32), key: (UInt32, UInt32), row: UInt32, fate: Fate, word: UInt16,
        digests: (UInt64, UInt64, UInt64, UInt64), firstLine: UInt32, endLine: UInt32
    ) {
        self.reference = reference
        self.key = key
        self.row = row
        self.fate = fate
        self.word = word
        self.digests = digests
        self.firstLine = firstLine
        self.endLine = endLine
    }
}

package struct LedgerLine: BitwiseCopyable, Sendable {
    package var key: UInt64
    package var quantity: UInt32

    package init(key: UInt64, quantity: UInt32) {
        self.key = key
        self.quantity = quantity
    }
}

/// What the ledger says of an order.
package struct Verdict: BitwiseCopyable, Sendable {
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        /// It goes out now: in document `document`, under the key with suffix `sequence`.
        case ship
        /// It left before with the same values: nothing to do. `arrival` and `drawn` say when.
        case unchanged
        /// It left before and something that matters differs now (`changed`): held.
        case changedAfterLeft
        /// It left, and the rules or the mapping that made it were others: not compared, nothing to do.
        case notCompared
        /// Another order already uses the key at this carrier account (another merchant or shop): held.
        case keyTaken
        /// The flow's number range has no number left for it: held.
        case rangeEmpty
        /// Its rows stand apart in this file: the file must be grouped and run again.
        case reopened
        /// Skipped by the profile's rules.
        case skipped
        /// Held by a finding.
        case held
        /// Shipped elsewhere, says the baseline.
        case elsewhere
        /// An operator dropped it.
        case dropped
    }
    package var kind: Kind
    /// Bits by ``DigestBlock/rawValue``; bit 4: the lines.
    package var changed: UInt8 = 0
    /// 1 for the order's first consignment; from 2 on the key ends in `-2` and so on.
    package var sequence: UInt16 = 1
    /// Number of the document within the arrival, from 1; for `.changedAfterLeft` of the one that left with `arrival`.
    package var document: UInt32 = 0
    /// Number drawn from the range, 0 when none.
    package var number: Int64 = 0
    /// When its document's clock was drawn, milliseconds since 1970.
    package var drawn: Int64 = 0
    /// The arrival that shipped it, for `.unchanged` and its like.
    package var arrival: Arrival.ID = 0

    package init(_ kind: Kind) { self.kind = kind }
}

package struct Verdicts: Sendable {
    /// One for each order of the batch.
    package var orders: [Verdict]
    /// For each line of the batch the quantity that goes out now (0: it left before).
    package var quantities: [UInt32]

    package init(orders: [Verdict], quantities: [UInt32]) {
        self.orders = orders
        self.quantities = quantities
    }
}

/// A document that is written and flushed, before it is published.
package struct DocumentIntent: Hashable, Sendable {
    package var number: UInt32
    /// Its final name.
    package var name: String
    /// Of the redacted bytes: a rotated secret changes neither name nor hash.
    package var content: ContentHash
    package var orders: Int
    package var size: Int64

    package init(number: UInt32, name: String, content: ContentHash, orders: Int, size: Int64) {
        self.number = number
        self.name = name
        self.content = content
        self.orders = orders
        self.size = size
    }
}

/// Everything that must be durable before the first document of an arrival is published.
package struct ArrivalIntent: Sendable {
    package var arrival: Arrival.ID
    package var content: ContentHash
    package var totals: Arrival.Totals
    package var documents: [DocumentIntent] = []
    package var receipt: DocumentIntent?
    /// Where its documents go, as it was when they were written; nil: the ledger does not know (an older version's).
    package var outbox: String?

    package init(arrival: Arrival.ID, content: ContentHash, totals: Arrival.Totals) {
        self.arrival = arrival
        self.content = content
        self.totals = totals
    }
}

/// The durable memory of the gateway: keys, states, digests and places; no personal data. Synchronous; one writer.
///
/// Every method that changes something is one transaction, on disk when it returns.
package protocol Ledger: Sendable {
    // MARK: Names
    func space(merchant: String, shop: String, mode: Mode) throws -> SpaceID
    func account(carrier: String, account: String, mode: Mode) throws -> AccountID

    // MARK: Arrivals
    /// Takes a drop in. The same unfinished sighting (flow, name, size, modified, inode) gives the arrival that is there.
    func claim(flow: String, mode: Mode, name: String, size: Int64, modified: Int64, inode: UInt64, now: Int64) throws -> Arrival
    /// Arrivals that are `claimed` or `intended`, or whose ``Arrival/notice`` is not out, oldest first: what a start must finish.
    func unfinished() throws -> [Arrival]
    func arrival(_ id: Arrival.ID) throws -> Arrival?
    /// The newest finished arrival of the flow with this content.
    func finished(flow: String, mode: Mode, content: ContentHash) throws -> Arrival?
    /// Whether an arrival of this size was ever finished in the flow: if not, its content can't be known.
    func hasFinished(flow: String, mode: Mode, size: Int64) throws -> Bool

    /// Whether this very entry of an inbox (name, size, time, inode) was refused before: its sender was told.
    func hasRefused(flow: String, mode: Mode, _ entry: DropEntry) throws -> Bool

    // MARK: A run
    /// Begins a run of an arrival (again, after a crash or for `held retry`); `words` are what ``LedgerOrder/word`` points into.
    /// Kept in memory until the first ``judge(_:)`` or ``intend(_:)`` stores it. Gives the number of the run.
    func begin(_ settings: RunSettings, words: [String]) throws -> Int
    /// (a) Judges a batch, draws what must be drawn, and stores both. A crash keeps it; a power failure may take it back as
    /// long as nothing of the arrival is intended, and then nothing of it was published.
    func judge(_ batch: LedgerBatch) throws -> Verdicts
    /// Words that came up after ``begin(_:words:)``: codes of findings. Gives the index of each.
    func word(_ word: String) -> UInt16
    /// Takes orders back that were judged to ship and can't be written for the carrier: they are held with `code`.
    /// Kept in memory until the next ``judge(_:)`` or ``intend(_:)`` stores it.
    func hold(_ orders: [(reference: String, row: UInt32, code: String)])
    /// Tells the ledger to forget the run's open documents and drawn state: its file will be grouped and run again. What earlier
    /// files had said of its orders counts again.
    func abandon(_ arrival: Arrival.ID) throws
    /// Holds all of an arrival that a go-live guard stopped: its orders are as they were before it.
    /// - Parameter notice: the receipt that says so, written and flushed; ``noticed(_:)`` follows when it is published.
    func guardArrival(
        _ arrival: Arrival.ID, content: ContentHash, totals: Arrival.Totals, code: String, notice: DocumentIntent?, now: Int64) throws
    /// (b) What will be published, with digests.
    func intend(_ intent: ArrivalIntent) throws
    /// The intents of an arrival that is `intended`.
    func intents(of arrival: Arrival.ID) throws -> ArrivalIntent?
    /// (c) It is published. Stored with the next transaction or with ``flush()``.
    func finish(_ arrival: Arrival.ID, now: Int64)
    /// Refuses an arrival: its orders are as they were before it. For `notice` see ``guardArrival(_:content:totals:code:notice:now:)``.
    func refuse(_ arrival: Arrival.ID, content: ContentHash?, code: String, notice: DocumentIntent?, now: Int64) throws
    /// The notice of a refused or guarded arrival is published.
    func noticed(_ arrival: Arrival.ID) throws
    /// Stores what waits in memory.
    func flush() throws

    // MARK: Questions and operators
    func arrivals(flow: String?, limit: Int) throws -> [Arrival]
    func held(flow: String?, limit: Int) throws -> [HeldOrder]
    /// Drops held orders: they will not ship. Gives how many there were.
    func drop(_ orders: [HeldOrder], by who: String, because why: String, now: Int64) throws -> Int
    func trace(_ text: String) throws -> [TraceStep]
    func record(_ event: LedgerEvent) throws
    func leave(_ request: OperatorRequest) throws
    /// What commands asked for and nobody answered yet, oldest first.
    func requests() throws -> [OperatorRequest]
    /// A request was acted on. Until then a crash leaves it to be acted on again.
    func answered(_ request: OperatorRequest) throws
    /// The ledger was restored from a backup older than its outbox: arrivals up to `arrival` were used before. Until
    /// ``endRestore()`` orders that it does not know are held.
    func noteRestore(upTo arrival: Arrival.ID) throws
    func isRestored() throws -> Bool
    func endRestore() throws
    /// The highest arrival ever finished, to notice a ledger older than its outbox.
    func lastFinished() throws -> Arrival.ID
    var identity: String { get }
}

package struct HeldOrder: Hashable, Sendable {
    package var space: SpaceID
    package var flow: String
    package var reference: String
    package var arrival: Arrival.ID
    package var file: String
    package var row: Int
    package var code: String
    package var since: Int64
    /// What of it went out before; nil: nothing.
    package var left: Left?

    /// How an order left before it was held.
    package struct Left: Hashable, Sendable {
        /// The arrival that sent it, last if several did.
        package var arrival: Arrival.ID
        /// When, milliseconds since 1970.
        package var at: Int64
        /// A baseline says so; else a document of ours.
        package var isElsewhere: Bool
        /// What differs from it, as ``Verdict/changed``.
        package var changed: UInt8

        package init(arrival: Arrival.ID, at: Int64, isElsewhere: Bool, changed: UInt8) {
            self.arrival = arrival
            self.at = at
            self.isElsewhere = isElsewhere
            self.changed = changed
        }
    }

    package init(
        space: SpaceID, flow: String, reference: String, arrival: Arrival.ID, file: String, row: Int, code: String,
        since: Int64
    ) {
        self.space = space
        self.flow = flow
        self.reference = reference
        self.arrival = arrival
        self.file = file
        self.row = row
        self.code = code
        self.since = since
    }
}

/// One thing that happened to a file, an order or a consignment.
package struct TraceStep: Hashable, Sendable {
    package var at: Int64
    /// `file`, `order`, `consignment`, `document`, `event`.
    package var subject: String
    package var name: String
    /// Stable word: `claimed`, `shipped`, `held`, `skipped`, `published`, `refused`, `dropped`, `retried`, `unchanged`.
    package var what: String
    package var details: [String: String]

    package init(at: Int64, subject: String, name: String, what: String, details: [String: String] = [:]) {
        self.at = at
        self.subject = subject
        self.name = name
        self.what = what
        self.details = details
    }
}

/// Something that a person or the gateway did and that must be remembered with its reason.
package struct LedgerEvent: Hashable, Sendable {
    package var at: Int64
    package var who: String
    package var what: String
    package var subject: String
    package var why: String

    package init(at: Int64, who: String, what: String, subject: String, why: String) {
        self.at = at
        self.who = who
        self.what = what
        self.subject = subject
        self.why = why
    }
}

/// What a command asks the running gateway to do.
package struct OperatorRequest: Hashable, Sendable {
    package var id: Int64
    /// `retry`, `release`, `drop`, `baseline`.
    package var kind: String
    package var arguments: [String: String]
    package var who: String
    package var at: Int64

    package init(id: Int64 = 0, kind: String, arguments: [String: String], who: String, at: Int64) {
        self.id = id
        self.kind = kind
        self.arguments = arguments
        self.who = who
        self.at = at
    }
}
