@_spi(HotPath) import GatewayCore

/// The names that carriers' templates, keys and rules can use.
enum CarrierNames {
    static let consignor = [
        "name", "company", "address1", "address2", "district", "city", "province", "province code", "postcode", "country", "phone", "email",
        "tax number", "tax office",
    ]
    static let flow = ["merchant", "shop", "name", "prefix", "language", "waybill"]
    /// Of the flow's default parcel, the same for every consignment.
    static let parcel = ["parcel.length", "parcel.width", "parcel.height", "parcel.product"]

    static let registers: [String: Register] = Dictionary(uniqueKeysWithValues: Register.allCases.map { ($0.name, $0) })

    /// What a name is.
    enum Meaning {
        case field(OrderField)
        case register(Register)
        /// Of the configuration.
        case setting
        case secret(String)
    }

    /// Nil: there is no such name.
    static func meaning(_ name: String, settings: [CarrierSetting]) -> Meaning? {
        if name.hasPrefix("secret ") { return .secret(String(name.dropFirst(7))) }
        if let register = registers[name] { return .register(register) }
        if let field = OrderField.named(name) { return .field(field) }
        if parcel.contains(name) { return .setting }
        if name.hasPrefix("consignor."), consignor.contains(String(name.dropFirst(10))) { return .setting }
        if name.hasPrefix("flow."), flow.contains(String(name.dropFirst(5))) { return .setting }
        if name.hasPrefix("account."), settings.contains(where: { "account." + $0.name == name }) { return .setting }
        return nil
    }

    static func all(settings: [CarrierSetting], secrets: [String]) -> [String] {
        OrderField.all.map(\.name) + registers.keys.sorted() + parcel + consignor.map { "consignor." + $0 } + flow.map { "flow." + $0 }
            + settings.map { "account." + $0.name } + secrets.map { "secret " + $0 }
    }

    /// Whether the value is one of the machine's own numbers: digits, whatever the file holds.
    static func isDigits(_ choice: Choice, settings: [CarrierSetting]) -> Bool {
        guard choice.condition == nil, choice.then.steps.isEmpty, choice.then.sources.count == 1,
            case .name(let name)? = choice.then.sources.first,
            case .register(let register)? = meaning(name.text, settings: settings)
        else { return false }
        switch register {
        case .documentNumber, .documentOrders, .documentParcels, .consignmentNumber, .consignmentSequence, .parcelNumber, .parcelCount,
            .parcelWeight, .parcelVolume, .lineNumber, .lineQuantity:
            return true
        case .consignmentKey, .documentTime, .documentReference, .parcelBarcode, .parcelContents: return false
        }
    }

    /// Where in `dropgate.yaml` a setting is written.
    static func whereToWrite(_ name: String) -> String {
        if name.hasPrefix("consignor.") { return "\(name.dropFirst(10)): under the flow's consignor" }
        if name.hasPrefix("account.") { return "settings: { \(name.dropFirst(8)): … } under the carrier's account" }
        if name.hasPrefix("flow.prefix") { return "key prefix: in the flow" }
        if name.hasPrefix("parcel.") { return "parcel: { \(name.dropFirst(7)): … } in the flow" }
        return "\(name.split(separator: ".").last ?? ""): in the flow"
    }
}

/// Where in a document something stands.
enum Scope: Sendable {
    case head, consignment, parcel, line, tail

    /// Whether `register` has a value here.
    func has(_ register: Register) -> Bool {
        switch register.scope {
        case .document: true
        case .tail: self == .tail
        case .consignment: self == .consignment || self == .parcel || self == .line
        case .parcel: self == .parcel || self == .line
        case .line: self == .line
        }
    }
    func has(_ field: OrderField) -> Bool {
        switch self {
        case .head, .tail: false
        case .consignment, .parcel: !field.isLine
        case .line: true
        }
    }
}
