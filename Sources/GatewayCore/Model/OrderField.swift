/// A field of the canonical order: what channels map to and carriers read from. `docs/ORDER.md` is generated from this table.
package struct OrderField: Hashable, Sendable {
    /// Dotted name, such as `consignee.postcode`; `line.` fields belong to a line of the order.
    package let name: String
    package let kind: Kind
    /// Names, phones, streets, e-mail: masked in logs.
    package let isPersonal: Bool
    /// Which digest it counts for; nil: it never makes an order a changed one.
    package let block: DigestBlock?
    /// What it holds, for the manual.
    package let summary: String
    /// Position among the head fields or among the line fields.
    package let slot: Int
    package let isLine: Bool

    /// How the canonical text of a field reads.
    package enum Kind: String, Sendable {
        /// Any text.
        case text
        /// A decimal with a point and without grouping, as many decimals as the currency has: `150.00`.
        case money
        /// Whole grams.
        case mass
        /// Whole number, no sign.
        case count
        /// `2026-11-24T09:30:00Z` or with an offset.
        case instant
        /// ISO 3166-1 alpha-2.
        case country
        /// ISO 4217.
        case currency
        /// `+` and digits where the country is known (E.164), else digits.
        case phone
    }
}

extension OrderField {
    /// Every field, heads first, in the order of the JSON.
    package static let all: [OrderField] = heads + lines
    package static let heads = numbered(headTable, isLine: false)
    package static let lines = numbered(lineTable, isLine: true)
    private static let index: [String: OrderField] = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The field called `name`, nil when there is none.
    package static func named(_ name: String) -> OrderField? { index[name] }

    private typealias Row = (String, Kind, Bool, DigestBlock?, String)
    private static func numbered(_ rows: [Row], isLine: Bool) -> [OrderField] {
        rows.enumerated().map { slot, row in
            OrderField(
                name: row.0, kind: row.1, isPersonal: row.2, block: row.3, summary: row.4, slot: slot, isLine: isLine)
        }
    }

    private static let headTable: [Row] = [
        ("reference", .text, false, nil, "The order's number as the shop's people know it; with the shop it is the order's identity."),
        ("id", .text, false, nil, "The channel's own identifier, where it differs from the reference."),
        ("created", .instant, false, nil, "When the order was placed."),
        ("ship.by", .instant, false, nil, "When it must have been handed over."),
        ("channel.name", .text, false, nil, "Shop system or marketplace."),
        ("channel.status", .text, false, nil, "The order's state in the channel's own word."),
        ("service", .text, false, .service, "The delivery service that the customer chose."),
        ("pickup.point", .text, false, .consignee, "Identifier of a pick-up point."),
        ("consignee.name", .text, true, .consignee, "Who receives the goods."),
        ("consignee.company", .text, true, .consignee, "Company of the consignee."),
        ("consignee.address1", .text, true, .consignee, "Street and number."),
        ("consignee.address2", .text, true, .consignee, "Flat, floor, building, or in Türkiye often the ilçe."),
        ("consignee.district", .text, true, .consignee, "District; in Türkiye the ilçe."),
        ("consignee.city", .text, true, .consignee, "Town or city; in Türkiye the il where the channel says so."),
        ("consignee.province", .text, true, .consignee, "State or province by name; in Türkiye the il."),
        ("consignee.province code", .text, true, .consignee, "State or province by code."),
        ("consignee.postcode", .text, true, .consignee, "Postal code, as text."),
        ("consignee.country", .country, false, .consignee, "Country, two letters."),
        ("consignee.phone", .phone, true, .consignee, "Telephone of the consignee."),
        ("consignee.email", .text, true, .consignee, "E-mail of the consignee."),
        ("consignee.tax number", .text, true, .consignee, "Tax or identity number."),
        ("consignee.tax office", .text, true, .consignee, "Tax office (Türkiye)."),
        ("currency", .currency, false, .payment, "Currency of all amounts."),
        ("payment.method", .text, false, .payment, "How the customer pays, in the channel's word."),
        ("payment.total", .money, false, .payment, "Value of the order."),
        ("payment.cod", .money, false, .payment, "Cash to collect on delivery; absent when nothing is."),
        ("invoice.number", .text, false, .other, "Number of the invoice."),
        ("note", .text, true, .other, "The customer's note for the delivery."),
        ("parcel.count", .count, false, .service, "Number of parcels, when the order says so."),
        ("parcel.weight", .mass, false, .service, "Weight of the whole consignment in grams, when the order says so."),
        ("goods", .text, false, .other, "What is in the parcel, in words."),
    ]

    private static let lineTable: [Row] = [
        ("line.id", .text, false, .other, "The channel's identifier of the line."),
        ("line.sku", .text, false, .other, "The merchant's article number."),
        ("line.barcode", .text, false, .other, "GTIN or other barcode."),
        ("line.name", .text, false, .other, "What it is, in words."),
        ("line.quantity", .count, false, .other, "Pieces that are still to ship."),
        ("line.price", .money, false, .other, "Price of one piece."),
        ("line.weight", .mass, false, .other, "Weight of one piece in grams."),
    ]
}

extension OrderField {
    /// Head slot of `reference`.
    package static let referenceSlot = heads.firstIndex { $0.name == "reference" } ?? 0
    /// Head slot of `created`.
    package static let createdSlot = heads.firstIndex { $0.name == "created" } ?? 0
}
