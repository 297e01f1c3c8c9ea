import GatewayCore
import GatewayProfiles
import Logging

/// What the gateway is put together from; the executable is the one place that makes it.
package struct GatewayParts: Sendable {
    package var workspace: Workspace
    /// Folder of the workspace.
    package var root: String
    package var ledger: any Ledger
    package var key: DigestKey
    /// The store for a folder, given relative to the workspace.
    package var store: @Sendable (String) throws(Finding) -> any DropStore
    package var clock: any GatewayClock
    package var logger: Logger
    /// Nil: no endpoint is reached, files are local only.
    package var traffic: TrafficParts?

    package init(
        workspace: Workspace, root: String, ledger: any Ledger, key: DigestKey,
        store: @escaping @Sendable (String) throws(Finding) -> any DropStore, clock: any GatewayClock, logger: Logger
    ) {
        self.workspace = workspace
        self.root = root
        self.ledger = ledger
        self.key = key
        self.store = store
        self.clock = clock
        self.logger = logger
    }

    package var state: StateFolder { StateFolder(workspace: root) }

    /// Makes a flow's folders where they are missing.
    func makeFolders(of flow: FlowSettings) throws(Finding) {
        for folder in [flow.inbox, flow.outbox, flow.receiptFolder].compactMap(\.self) {
            try FileIO.makeFolder(root + "/" + folder, shown: folder)
        }
    }
}

/// What became of one arrival, for people.
package struct ArrivalReport: Sendable, Hashable {
    package var arrival: Arrival.ID
    package var flow: String
    package var file: String
    package var state: Arrival.State
    package var totals: Arrival.Totals
    /// Published documents, as `folder/name` relative to the workspace; at most the first ten.
    package var documents: [String] = []
    package var documentCount = 0
    package var receipt: String?
    /// What refused or guarded the file.
    package var finding: Finding?
    /// Columns that the profile reads and the file lacks: it stopped nothing.
    package var remark: Finding?
    /// The finished arrival that had the same content.
    package var sameAs: Arrival.ID?

    init(_ arrival: Arrival) {
        self.arrival = arrival.id
        flow = arrival.flow
        file = arrival.name
        state = arrival.state
        totals = arrival.totals
    }
}

/// How an arrival is run when it is not an ordinary drop.
package struct RunOptions: Sendable, Hashable {
    /// An operator released it from the go-live guards: all of it, or the orders of these references.
    package var release: Release = .nothing
    /// Run again on request: the look at its content is left out.
    package var isRetry = false
    /// Only the orders of these references are judged; the others of the file stay as they are. Nil: all.
    package var only: Set<String>?

    package init() {}

    package enum Release: Sendable, Hashable {
        case nothing, all
        case orders(Set<String>)
    }

    /// Whether the guards let an order through; nil: the file as a whole.
    func isReleased(_ reference: String?) -> Bool {
        switch release {
        case .nothing: false
        case .all: true
        case .orders(let references): reference.map(references.contains) ?? false
        }
    }
}
