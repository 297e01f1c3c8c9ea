import GatewayCore
import GatewayProfiles

/// What the gateway reaches partners' servers with; the executable makes it.
package struct TrafficParts: Sendable {
    package var ledger: any TrafficLedger
    /// Connects to an endpoint; refuses one whose settings can't work.
    package var files: @Sendable (EndpointSettings) throws(Finding) -> any RemoteFiles
    /// The endpoint of that name as `dropgate.yaml` says it now; nil: it is there no more. Refuses a file that is wrong.
    package var settings: @Sendable (String) throws(Finding) -> EndpointSettings?
    /// Moves a flushed file (path) into an inbox (relative to the workspace) under a name; false: the name is in use there.
    package var dropIn: @Sendable (String, String, String) throws(Finding) -> Bool

    package init(
        ledger: any TrafficLedger, files: @escaping @Sendable (EndpointSettings) throws(Finding) -> any RemoteFiles,
        settings: @escaping @Sendable (String) throws(Finding) -> EndpointSettings?,
        dropIn: @escaping @Sendable (String, String, String) throws(Finding) -> Bool
    ) {
        self.ledger = ledger
        self.files = files
        self.settings = settings
        self.dropIn = dropIn
    }
}

/// What goes over one endpoint.
package struct Routes: Sendable {
    /// Flows whose files lie at the endpoint, with the folder there.
    var inboxes: [(flow: FlowSettings, folder: String)] = []
    /// Local outboxes (relative to the workspace) whose documents go there, with the folder there.
    package private(set) var outboxes: [(source: String, folder: String)] = []

    /// - Parameter settings: of the workspace. Nothing of mode test goes out.
    package init(_ settings: Settings, endpoint: String) {
        for flow in settings.flows {
            if let place = flow.remoteInbox, place.endpoint == endpoint { inboxes.append((flow, place.path)) }
            guard flow.mode == .live else { continue }
            if let place = flow.account?.outbox, place.endpoint == endpoint, let source = flow.outbox {
                add(source, place.path)
            }
            let merchant = settings.merchants.first { $0.name == flow.merchant }
            if let place = merchant?.receiptsOutbox, place.endpoint == endpoint { add(flow.receiptFolder, place.path) }
        }
    }

    /// Folders at the endpoint that files are fetched from.
    package var fetched: [String] { inboxes.map(\.folder) }
    /// Folders at the endpoint that documents are delivered to.
    package var delivered: [String] { outboxes.map(\.folder) }

    private mutating func add(_ source: String, _ folder: String) {
        if !outboxes.contains(where: { $0.source == source }) { outboxes.append((source, folder)) }
    }
}
