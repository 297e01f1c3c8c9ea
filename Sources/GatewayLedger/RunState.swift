import GatewayCore

/// How far a run came. The numbers stand in the file.
enum RunPhase: Int64 {
    /// At work, or ended by a crash and not begun again yet.
    case open = 0
    /// The arrival was begun again after it.
    case over = 1
    /// Its file had to be grouped.
    case abandoned = 2
    /// A go-live guard holds it.
    case guarded = 3
    case refused = 4
    /// Its documents will be published whatever happens.
    case intended = 5
    case done = 6

    /// Whether its consignments count as left.
    var isLeft: Bool {
        switch self {
        case .intended, .done: true
        case .open, .over, .abandoned, .guarded, .refused: false
        }
    }
}

/// What judging an order needs to know of the run that its row names.
struct RunFacts {
    var arrival: Arrival.ID
    var account: Int64
    var mapping: String
    var range: String?
    var phase: RunPhase
    /// Milliseconds since 1970.
    var begun: Int64
}

/// The run at work: one an instance of the ledger. Belongs to the writer connection.
final class RunState {
    let id: Int64
    let settings: RunSettings
    let mode: String
    /// Documents of the arrival's earlier runs that were published.
    let documentsBefore: Int
    /// Its file was grouped, so no reference can come again.
    let isGrouped: Bool
    var counters = Counters()
    var seen = SeenFilter()

    init(id: Int64, settings: RunSettings, mode: String, documentsBefore: Int, isGrouped: Bool) {
        self.id = id
        self.settings = settings
        self.mode = mode
        self.documentsBefore = documentsBefore
        self.isGrouped = isGrouped
    }

    /// What a judgement that fails must take back.
    struct Counters {
        var shipped = 0
        /// Next number of the range; nil: not read yet.
        var next: Int64?
        /// The document that is open and when its clock was drawn.
        var document: UInt32 = 0
        var drawn: Int64 = 0
    }
}
