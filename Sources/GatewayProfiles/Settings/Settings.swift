import GatewayCore

/// What `dropgate.yaml` says, checked.
package struct Settings: Sendable, Hashable {
    /// In the file's order.
    package var merchants: [MerchantSettings] = []
    /// Flows of all merchants.
    package var flows: [FlowSettings] = []
    package var accounts: [AccountSettings] = []
    package var endpoints: [EndpointSettings] = []
    package var ranges: [RangeSettings] = []
    package var limits = IntakeLimits()
    /// How long a file must not change before it is read, milliseconds.
    package var quiet: Int64 = 2_000
    /// How often folders are listed whatever the system reports, milliseconds.
    package var rescan: Int64 = 30_000

    package init() {}

    /// Reads and checks the bytes of a `dropgate.yaml`. Nil when a finding keeps the gateway from starting.
    ///
    /// - Parameters:
    ///   - carriers: names of the carrier profiles that exist.
    ///   - channels: names of the channel profiles that exist, and of their families.
    package static func read(
        _ bytes: [UInt8], file: String = "dropgate.yaml", carriers: [String], channels: [String]
    ) -> (settings: Settings?, findings: [Finding]) {
        do throws(Finding) {
            let node = try ConfigReader.read(bytes, file: file)
            var reader = SettingsReader(carriers: carriers, channels: channels)
            let settings = reader.read(node)
            let stops = reader.findings.contains { $0.code.stops == .start }
            return (stops ? nil : settings, reader.findings)
        } catch {
            return (nil, [error])
        }
    }
}

/// Who sells the goods: owner of flows and consignors.
package struct MerchantSettings: Sendable, Hashable {
    package var name: String
    package var consignors: [ConsignorSettings]
    /// Where its receipts go besides the local folder; nil: nowhere.
    package var receiptsOutbox: RemotePlace?
}

/// Where a consignment is sent from.
package struct ConsignorSettings: Sendable, Hashable {
    package var name: String
    /// By key as templates say it: `name`, `company`, `address1`, …, `tax number`.
    package var values: [String: String]

    /// The keys, in the order of an address.
    package static let keys = [
        "name", "company", "address1", "address2", "district", "city", "province", "postcode", "country", "phone", "email", "tax number",
    ]
}

/// A carrier's account: what its templates need besides the order.
package struct AccountSettings: Sendable, Hashable {
    package var carrier: String
    package var name: String
    /// `account.X` of templates.
    package var settings: [String: String]
    package var secrets: [String: SecretSource]
    /// Where its documents go from the local outbox; nil: they stay there.
    package var outbox: RemotePlace?
    package var place: Place
}

/// Numbers that consignments draw from, both ends included.
package struct RangeSettings: Sendable, Hashable {
    package var name: String
    package var from: Int64
    package var to: Int64
}

/// Where a secret's value stands; the value itself is read when a document is published.
package enum SecretSource: Sendable, Hashable {
    case environment(String)
    /// Path relative to the workspace, or absolute.
    case file(String)
}
