import GatewayCore

extension FlowSettings {
    /// What templates may read besides the order: `consignor.X`, `account.X`, `flow.X`, and the parcel to assume. Only what is configured.
    var constants: [String: String] {
        var all: [String: String] = [
            "flow.merchant": merchant, "flow.shop": shop, "flow.name": name, "flow.prefix": keyPrefix, "flow.language": language.rawValue,
            "flow.waybill": waybill.word,
        ]
        for (key, value) in consignor.values { all["consignor." + key] = value }
        for (key, value) in account?.settings ?? [:] where !value.isEmpty { all["account." + key] = value }
        all["parcel.weight"] = parcel.weight.map { "\($0)" }
        all["parcel.length"] = parcel.length.map { "\($0)" }
        all["parcel.width"] = parcel.width.map { "\($0)" }
        all["parcel.height"] = parcel.height.map { "\($0)" }
        all["parcel.contents"] = parcel.contents
        all["parcel.product"] = parcel.product
        return all
    }
}

/// Hash of everything that decides what a consignment's document says: profiles, templates, tables and the flow's settings.
enum MappingHash {
    /// 12 lower-case hexadecimal digits.
    static func of(_ sources: [ProfileSource], flow: FlowSettings, ordersPerDocument: Int) -> String {
        var text = ""
        for source in Set(sources).sorted(by: { $0.relative < $1.relative }) {
            text += "\(source.relative)\u{0}\(ContentHash(of: source.bytes).hex)\u{0}"
        }
        for (key, value) in flow.constants.sorted(by: { $0.key < $1.key }) { text += "\(key)\u{0}\(value)\u{0}" }
        text += "zone\u{0}\(flow.zone)\u{0}orders\u{0}\(ordersPerDocument)"
        return ContentHash(of: text.utf8).hex(12)
    }
}
