import GatewayCore

/// Reads `dropgate.yaml` from its tree and says everything that is wrong with it, not only the first thing.
struct SettingsReader {
    var findings: [Finding] = []
    /// Names of the profiles that exist.
    let carriers: [String]
    let channels: [String]
    /// Names of ranges, those with a mistake inside too: one mistake is said once.
    private(set) var rangeNames: [String] = []
    /// Names of endpoints, those with a mistake inside too.
    var endpointNames: [String] = []

    static let topKeys = ["workspace", "merchants", "accounts", "endpoints", "ranges", "limits", "quiet", "rescan"]
    static let limitKeys = ["file", "record", "field", "columns", "order records", "depth"]

    init(carriers: [String], channels: [String]) {
        self.carriers = carriers
        self.channels = channels
    }

    mutating func read(_ root: ConfigNode) -> Settings {
        var settings = Settings()
        let top = section(root, "dropgate.yaml", keys: Self.topKeys)
        guard let top else { return settings }
        if let version = text(top, "workspace", example: "1"), version.text != "1" {
            add(.configVersionUnknown, version)
        }
        if let node = top["ranges"] { settings.ranges = self.ranges(node) }
        if let node = top["endpoints"] { settings.endpoints = endpoints(node) }
        if let node = top["accounts"] { settings.accounts = accounts(node) }
        if let node = top["merchants"] {
            merchants(node, into: &settings)
        } else {
            findings.append(missing("merchants", of: top, example: ""))
        }
        if let node = top["limits"] { settings.limits = limits(node) }
        if let quiet = duration(top, "quiet") { settings.quiet = quiet }
        if let rescan = duration(top, "rescan") { settings.rescan = rescan }
        if settings.flows.isEmpty && findings.isEmpty { findings.append(Finding(.configFlowNone, at: top.place)) }
        remarkSharedPrefixes(settings.flows)
        return settings
    }

    // MARK: Parts of the file

    private mutating func ranges(_ node: ConfigNode) -> [RangeSettings] {
        named(node, "ranges").compactMap { name, node in
            rangeNames.append(name.text)
            guard let part = section(node, "range \(name.text)", keys: ["from", "to"]) else { return nil }
            let from = count(part, "from", 1...999_999_999_999_999, required: "9000000")
            let to = count(part, "to", 1...999_999_999_999_999, required: "9999999")
            guard let from, let to else { return nil }
            guard from <= to else {
                let place = part["to"]?.place ?? part.place
                findings.append(Finding(.configRangeOrder, at: place, found: .plain("\(to)"), ["from": .plain("\(from)")]))
                return nil
            }
            return RangeSettings(name: name.text, from: Int64(from), to: Int64(to))
        }
    }

    private mutating func accounts(_ node: ConfigNode) -> [AccountSettings] {
        guard let carrierEntries = entries(node, "accounts") else { return [] }
        var all: [AccountSettings] = []
        for (carrier, node) in carrierEntries {
            if !carriers.contains(carrier.text) { addUnknown(.configCarrierUnknown, carrier, among: carriers) }
            for (name, node) in self.named(node, carrier.text) {
                guard let part = section(node, "account \(carrier.text)/\(name.text)", keys: ["settings", "secrets", "outbox"]) else {
                    continue
                }
                var account = AccountSettings(carrier: carrier.text, name: name.text, settings: [:], secrets: [:], place: name.place)
                account.outbox = remotePlace(part, "outbox")
                for (key, value) in part["settings"].flatMap({ entries($0, "settings") }) ?? [] {
                    if let value = scalar(value, key.text) { account.settings[key.text] = value.text }
                }
                for (key, value) in part["secrets"].flatMap({ entries($0, "secrets") }) ?? [] {
                    if let source = secret(value, key.text) { account.secrets[key.text] = source }
                }
                all.append(account)
            }
        }
        return all
    }

    mutating func secret(_ node: ConfigNode, _ key: String) -> SecretSource? {
        guard let value = scalar(node, key) else { return nil }
        if value.text.hasPrefix("env:"), value.text.utf8.count > 4 { return .environment(String(value.text.dropFirst(4))) }
        if value.text.hasPrefix("file:"), value.text.utf8.count > 5 { return .file(String(value.text.dropFirst(5))) }
        findings.append(Finding(.secretPlain, at: value.place, found: .plain("•••"), ["key": .plain(key)]))
        return nil
    }

    private mutating func merchants(_ node: ConfigNode, into settings: inout Settings) {
        for (merchant, node) in named(node, "merchants") {
            guard let part = section(node, "merchant \(merchant.text)", keys: ["flows", "consignors", "receipts outbox"]) else { continue }
            let consignors = part["consignors"].map { self.consignors($0) } ?? []
            settings.merchants.append(
                MerchantSettings(name: merchant.text, consignors: consignors, receiptsOutbox: remotePlace(part, "receipts outbox")))
            guard let flows = part["flows"] else {
                findings.append(missing("flows", of: part, example: ""))
                continue
            }
            for (name, node) in named(flows, "flows") {
                if let flow = self.flow(node, name: name, merchant: merchant.text, consignors: consignors, settings: settings) {
                    settings.flows.append(flow)
                }
            }
        }
    }

    private mutating func consignors(_ node: ConfigNode) -> [ConsignorSettings] {
        named(node, "consignors").compactMap { name, node in
            guard let part = section(node, "consignor \(name.text)", keys: ConsignorSettings.keys) else { return nil }
            var consignor = ConsignorSettings(name: name.text, values: [:])
            for key in ConsignorSettings.keys {
                guard let value = part[key].flatMap({ scalar($0, key) }), !value.text.isEmpty else { continue }
                if key == "country" && !(value.text.utf8.count == 2 && value.text.utf8.allSatisfy { (0x41...0x5A).contains($0) }) {
                    add(.configCountryUnreadable, value)
                }
                if key == "phone" && value.text.utf8.count(where: { (0x30...0x39).contains($0) }) < 7 {
                    add(.configPhoneShort, value)
                }
                consignor.values[key] = value.text
            }
            return consignor
        }
    }

    private mutating func limits(_ node: ConfigNode) -> IntakeLimits {
        var limits = IntakeLimits()
        guard let part = section(node, "limits", keys: Self.limitKeys) else {
            return limits
        }
        if let size = size(part, "file") { limits.file = Int64(size) }
        if let size = size(part, "record") { limits.record = min(size, 1 << 30) }
        if let size = size(part, "field") { limits.field = min(size, 1 << 30) }
        if let count = count(part, "columns", 1...65_000) { limits.columns = count }
        if let count = count(part, "order records", 1...65_000) { limits.orderRecords = count }
        if let count = count(part, "depth", 1...512) { limits.depth = count }
        return limits
    }

    /// Two shops behind one account need keys that can't be equal.
    private mutating func remarkSharedPrefixes(_ flows: [FlowSettings]) {
        for (index, flow) in flows.enumerated() {
            let other = flows[..<index].first {
                guard let account = flow.account, let its = $0.account else { return false }
                return its.carrier == account.carrier && its.name == account.name && $0.mode == flow.mode
                    && $0.keyPrefix == flow.keyPrefix && ($0.merchant, $0.shop) != (flow.merchant, flow.shop)
            }
            guard let other else { continue }
            findings.append(
                Finding(.configPrefixShared, at: flow.place, found: .plain(flow.keyPrefix), ["other": .plain(other.id)]))
        }
    }
}
