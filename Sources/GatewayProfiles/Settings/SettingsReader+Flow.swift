import GatewayCore

extension SettingsReader {
    static let flowKeys = [
        "mode", "shop", "channels", "carrier", "account", "consignor", "zone", "language", "key prefix", "waybill", "orders per document",
        "parcel", "inbox", "guards", "give up after", "receipts",
    ]

    static let parcelKeys = ["weight", "length", "width", "height", "contents", "product"]
    static let guardKeys = ["hold orders older than", "hold files with more new orders than"]

    /// A flow; nil when something that it can't do without is missing or wrong.
    mutating func flow(
        _ node: ConfigNode, name: SourceText, merchant: String, consignors: [ConsignorSettings], settings: Settings
    ) -> FlowSettings? {
        let before = findings.count
        guard let part = section(node, "flow \(merchant)/\(name.text)", keys: Self.flowKeys) else { return nil }
        let mode = text(part, "mode", example: "test").flatMap { word($0, ["test": Mode.test, "live": .live]) }
        let shop = text(part, "shop", example: "my-shop")
        let channels = self.channels(part)
        let zone = text(part, "zone", example: "Europe/Istanbul")
        if let zone, !TimeZones.has(zone.text) { addUnknown(.configZoneUnknown, zone, among: TimeZones.names()) }
        let consignor = self.consignor(part, merchant: merchant, consignors: consignors)
        let (carrier, account) = self.carrier(part, accounts: settings.accounts)
        let languages = ["en": Language.english, "tr": .turkish]
        let language = part["language"].flatMap { scalar($0, "language") }.flatMap { word($0, languages) }
        let prefix = part["key prefix"].flatMap { scalar($0, "key prefix") }
        let waybill = self.waybill(part)
        let perDocument = part["orders per document"] == nil ? nil : count(part, "orders per document", 1...1_000_000)
        let parcel = part["parcel"].map { self.parcel($0) }
        let guards = part["guards"].map { self.guards($0) }
        let giveUp = duration(part, "give up after")
        let receipts = part["receipts"].flatMap { scalar($0, "receipts") }.flatMap { word($0, ["on": true, "off": false]) }
        let remoteInbox = remotePlace(part, "inbox")
        guard let mode, let shop, let zone, let consignor, findings.count == before else { return nil }
        let flow = FlowSettings(
            merchant: merchant, name: name.text, mode: mode, shop: shop.text, channels: channels, carrier: carrier, account: account,
            consignor: consignor, zone: zone.text, language: language ?? .english, keyPrefix: prefix?.text ?? "",
            waybill: waybill ?? .none, ordersPerDocument: perDocument, parcel: parcel ?? ParcelSettings(),
            guards: guards ?? GuardSettings(), giveUpAfter: giveUp ?? 15 * 60_000, receipts: receipts ?? true, remoteInbox: remoteInbox,
            place: name.place)
        if mode == .live && guards == nil {
            findings.append(Finding(.configGuardsSilent, at: name.place, ["flow": .plain(flow.id)]))
        }
        return flow
    }

    private mutating func channels(_ part: ConfigSection) -> [String] {
        guard let node = part["channels"] else {
            findings.append(missing("channels", of: part, example: channels.first ?? "NAME"))
            return []
        }
        var names: [SourceText] = []
        switch node {
        case .text(let text): names = commaList(text)
        case .list(let items, _): names = items.compactMap { scalar($0, "channels") }
        case .map: findings.append(Finding(.configTypeList, at: node.place, found: shown(node), ["key": .plain("channels")]))
        }
        for name in names where !channels.contains(name.text) {
            addUnknown(.configChannelUnknown, name, among: channels)
        }
        return names.map(\.text)
    }

    private mutating func consignor(_ part: ConfigSection, merchant: String, consignors: [ConsignorSettings]) -> ConsignorSettings? {
        guard let name = text(part, "consignor", example: "warehouse") else { return nil }
        if let found = consignors.first(where: { $0.name == name.text }) { return found }
        let known = list(consignors.map(\.name))
        findings.append(
            Finding(
                .configConsignorUnknown, at: name.place, found: .plain(name.text), ["merchant": .plain(merchant), "known": .plain(known)]))
        return nil
    }

    private mutating func carrier(_ part: ConfigSection, accounts: [AccountSettings]) -> (String?, AccountSettings?) {
        guard let carrier = text(part, "carrier", example: carriers.first ?? "none"), carrier.text != "none" else { return (nil, nil) }
        guard carriers.contains(carrier.text) else {
            addUnknown(.configCarrierUnknown, carrier, among: carriers)
            return (nil, nil)
        }
        guard let name = text(part, "account", example: "main") else { return (nil, nil) }
        let known = accounts.filter { $0.carrier == carrier.text }
        if let account = known.first(where: { $0.name == name.text }) { return (carrier.text, account) }
        findings.append(
            Finding(
                .configAccountUnknown, at: name.place, found: .plain(name.text),
                ["carrier": .plain(carrier.text), "known": .plain(list(known.map(\.name)))]))
        return (nil, nil)
    }

    private mutating func waybill(_ part: ConfigSection) -> Waybill? {
        guard let value = part["waybill"].flatMap({ scalar($0, "waybill") }) else { return nil }
        switch value.text {
        case "none": return Waybill.none
        case "reference": return .reference
        default: break
        }
        let name = value.text.hasPrefix("range ") ? String(value.text.dropFirst(6).drop { $0 == " " }) : nil
        if let name, rangeNames.contains(name) { return .range(name) }
        findings.append(
            Finding(.configRangeUnknown, at: value.place, found: .plain(value.text), ["known": .plain(list(rangeNames))]))
        return nil
    }

    private mutating func parcel(_ node: ConfigNode) -> ParcelSettings {
        var parcel = ParcelSettings()
        guard let part = section(node, "parcel", keys: Self.parcelKeys) else { return parcel }
        parcel.weight = quantity(part, "weight", .configMassUnreadable, Quantity.grams)
        parcel.length = quantity(part, "length", .configLengthUnreadable, Quantity.millimetres)
        parcel.width = quantity(part, "width", .configLengthUnreadable, Quantity.millimetres)
        parcel.height = quantity(part, "height", .configLengthUnreadable, Quantity.millimetres)
        parcel.contents = nonEmpty(part, "contents")
        parcel.product = nonEmpty(part, "product")
        return parcel
    }

    private mutating func nonEmpty(_ part: ConfigSection, _ key: String) -> String? {
        let text = part[key].flatMap { scalar($0, key) }?.text ?? ""
        return text.isEmpty ? nil : text
    }

    private mutating func guards(_ node: ConfigNode) -> GuardSettings {
        var guards = GuardSettings()
        let (old, many) = (Self.guardKeys[0], Self.guardKeys[1])
        guard let part = section(node, "guards", keys: Self.guardKeys) else { return guards }
        if let value = part[old].flatMap({ scalar($0, old) }), value.text != "off" {
            guards.olderThan = quantity(part, old, .configDurationUnreadable, Quantity.milliseconds)
        }
        if let value = part[many].flatMap({ scalar($0, many) }), value.text != "off" {
            guards.moreNewThan = count(part, many, 0...10_000_000)
        }
        return guards
    }
}
