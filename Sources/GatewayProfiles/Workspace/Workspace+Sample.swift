import GatewayCore
import GatewayMapping

/// Draws that only a ledger could give, fixed for `convert` and `preview`.
package struct SampleDraws: Sendable, Hashable {
    /// Milliseconds since 1970.
    package var time: Int64 = 1_795_512_600_000
    /// 32 hexadecimal digits.
    package var reference = "00000000000000000000000000000001"
    /// Number of a consignment; 0: none.
    package var number: Int64 = 0

    package init() {}
}

extension Workspace {
    /// A flow for when there is none: invented values that satisfy the carrier's field table, from `sample:` of its profile.
    ///
    /// - Parameters:
    ///   - channel: name or path of a profile.
    ///   - carrier: name or path of a profile; nil: canonical orders.
    ///   - changes: put over the profile's sample; an empty value takes one away.
    package func sampleFlow(
        channel: String?, carrier: String?, changes: [String: String] = [:]
    ) throws(Finding) -> FlowSettings {
        let loaded = try carrier.map { (name) throws(Finding) in try self.carrier(name) }
        let sample = try self.sample(of: carrier, changes)
        func values(_ part: String) -> [String: String] {
            var found: [String: String] = [:]
            for (key, value) in sample where key.hasPrefix(part + ".") && !value.isEmpty {
                found[String(key.dropFirst(part.count + 1))] = value
            }
            return found
        }
        let place = Place(file: loaded?.loaded.sources.first?.shown)
        var parcel = ParcelSettings()
        let stated = values("parcel")
        parcel.weight = stated["weight"].flatMap(Quantity.grams) ?? 1_000
        parcel.length = stated["length"].flatMap(Quantity.millimetres) ?? 300
        parcel.width = stated["width"].flatMap(Quantity.millimetres) ?? 200
        parcel.height = stated["height"].flatMap(Quantity.millimetres) ?? 100
        parcel.contents = stated["contents"] ?? "Goods"
        parcel.product = stated["product"]
        let flow = values("flow")
        let account = loaded.map {
            AccountSettings(carrier: $0.name, name: "sample", settings: values("account"), secrets: [:], place: place)
        }
        return FlowSettings(
            merchant: flow["merchant"] ?? "demo", name: flow["name"] ?? "sample", mode: .test, shop: flow["shop"] ?? "demo-shop",
            channels: channel.map { [$0] } ?? [], carrier: carrier, account: account,
            consignor: ConsignorSettings(name: "sample", values: values("consignor")),
            zone: "Europe/Istanbul", language: .english, keyPrefix: flow["prefix"] ?? "",
            waybill: flow["waybill"] == Waybill.reference.word ? .reference : .none, ordersPerDocument: nil,
            parcel: parcel, guards: GuardSettings(), giveUpAfter: 0, receipts: false, place: place)
    }

    /// The carrier's own sample values of what a ledger draws.
    package func sampleDraws(carrier: String?, changes: [String: String] = [:]) throws(Finding) -> SampleDraws {
        var draws = SampleDraws()
        let sample = try self.sample(of: carrier, changes)
        if let number = sample["consignment.number"].flatMap({ Quantity.count($0) }) { draws.number = Int64(number) }
        if let reference = sample["document.reference"], reference.utf8.count == 32 { draws.reference = reference }
        if let time = sample["document.time"].flatMap(milliseconds) { draws.time = time }
        return draws
    }

    private func sample(of carrier: String?, _ changes: [String: String]) throws(Finding) -> [String: String] {
        let own = try carrier.map { (name) throws(Finding) in try self.carrier(name).loaded.usable().sample } ?? [:]
        return Self.sampleConsignor.merging(own) { $1 }.merging(changes) { $1 }
    }

    private static let sampleConsignor = [
        "consignor.name": "Example Warehouse", "consignor.company": "Example Shop Ltd", "consignor.address1": "Örnek Caddesi 12",
        "consignor.district": "Kadıköy",
        "consignor.city": "İstanbul",
        "consignor.province": "İstanbul", "consignor.postcode": "34710", "consignor.country": "TR", "consignor.phone": "+902165550100",
        "consignor.email": "warehouse@example.com",
    ]

    /// `2026-11-24T09:30:00Z` as milliseconds since 1970; nil for anything else.
    private func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 20, bytes[4] == 0x2D, bytes[7] == 0x2D, bytes[10] == 0x54, bytes[19] == 0x5A else { return nil }
        func number(_ range: Range<Int>) -> Int { bytes[range].reduce(0) { $0 * 10 + Int($1) - 0x30 } }
        let (year, month, day) = (number(0..<4), number(5..<7), number(8..<10))
        // Days since 1970 of a Gregorian date, counted from 1 March. Source: Howard Hinnant, "chrono-compatible low-level date algorithms".
        let shifted = month > 2 ? year : year - 1
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return Int64(((days * 24 + number(11..<13)) * 60 + number(14..<16)) * 60 + number(17..<19)) * 1000
    }
}
