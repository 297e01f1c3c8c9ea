import GatewayCore

/// One flow: files of one kind from one shop, to one account of a carrier.
package struct FlowSettings: Sendable, Hashable {
    package var merchant: String
    package var name: String
    package var mode: Mode
    /// With the order's reference it is the order's identity.
    package var shop: String
    /// Names of channel profiles, or of families of them.
    package var channels: [String]
    /// Name of the carrier's profile; nil: orders are judged and nothing is written.
    package var carrier: String?
    package var account: AccountSettings?
    package var consignor: ConsignorSettings
    /// IANA name of the zone that the shop's times without an offset are in.
    package var zone: String
    /// Of receipts.
    package var language: Language
    /// Begins every key sent to the carrier.
    package var keyPrefix: String
    package var waybill: Waybill
    /// Nil: as the carrier's profile says.
    package var ordersPerDocument: Int?
    package var parcel: ParcelSettings
    package var guards: GuardSettings
    /// How long an unfinished file may lie without growing before it is held, milliseconds.
    package var giveUpAfter: Int64
    package var receipts: Bool
    /// Folder of an endpoint that files are fetched from into the local inbox; nil: they are dropped there.
    package var remoteInbox: RemotePlace?
    package var place: Place

    /// `merchant/flow`.
    package var id: String { merchant + "/" + name }
    /// Name of the range that each consignment draws a number from.
    package var range: String? {
        if case .range(let name) = waybill { name } else { nil }
    }

    /// Folder that files are dropped into, relative to the workspace.
    package var inbox: String { "inbox/merchants/\(merchant)/\(name)" }
    /// Folder that the carrier's documents are published in; nil without a carrier.
    package var outbox: String? {
        account.map { "\(outboxRoot)/carriers/\($0.carrier)/\($0.name)" }
    }
    package var receiptFolder: String { "\(outboxRoot)/merchants/\(merchant)/receipts" }
    private var outboxRoot: String {
        switch mode {
        case .test: "outbox-test"
        case .live: "outbox"
        }
    }
}

/// Where `consignment.number` comes from.
package enum Waybill: Sendable, Hashable {
    /// There is none: the carrier numbers its own.
    case none
    /// The template uses the order's reference.
    case reference
    /// Drawn from a range of the workspace.
    case range(String)

    /// As `flow.waybill` shows it to templates.
    package var word: String {
        switch self {
        case .none: "none"
        case .reference: "reference"
        case .range: "range"
        }
    }
}

/// The parcel to assume where the order does not say.
package struct ParcelSettings: Sendable, Hashable {
    /// Grams.
    package var weight: Int?
    /// Millimetres.
    package var length: Int?
    package var width: Int?
    package var height: Int?
    /// What is in it, in words.
    package var contents: String?
    /// The carrier's product code.
    package var product: String?

    package init() {}
}

/// What is held until somebody releases it: protection for the first days of a flow.
package struct GuardSettings: Sendable, Hashable {
    /// Orders older than this are held, milliseconds; nil: off.
    package var olderThan: Int64?
    /// Files with more new orders than this are held; nil: off.
    package var moreNewThan: Int?

    package init() {}
}
