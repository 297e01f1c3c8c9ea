@_spi(HotPath) import GatewayCore

/// Values that the carrier's machine computes for a consignment, parcel, line or document.
enum Register: UInt16, CaseIterable {
    case consignmentKey, consignmentNumber, consignmentSequence
    case documentTime, documentReference, documentNumber, documentOrders, documentParcels
    case parcelNumber, parcelCount, parcelBarcode, parcelWeight, parcelVolume, parcelContents
    case lineNumber, lineQuantity

    var bit: UInt32 { 1 << UInt32(rawValue) }

    /// Bits of those that a document draws once.
    static let ofDocument = Register.documentTime.bit | Register.documentReference.bit | Register.documentNumber.bit

    /// The name in templates.
    var name: String {
        switch self {
        case .consignmentKey: "consignment.key"
        case .consignmentNumber: "consignment.number"
        case .consignmentSequence: "consignment.sequence"
        case .documentTime: "document.time"
        case .documentReference: "document.reference"
        case .documentNumber: "document.number"
        case .documentOrders: "document.orders"
        case .documentParcels: "document.parcels"
        case .parcelNumber: "parcel.number"
        case .parcelCount: "parcel.count"
        case .parcelBarcode: "parcel.barcode"
        case .parcelWeight: "parcel.weight"
        case .parcelVolume: "parcel.volume"
        case .parcelContents: "parcel.contents"
        case .lineNumber: "line.number"
        case .lineQuantity: "line.quantity"
        }
    }

    /// Where it has a value.
    var scope: Scope {
        switch self {
        case .documentTime, .documentReference, .documentNumber: .document
        case .documentOrders, .documentParcels: .tail
        case .consignmentKey, .consignmentNumber, .consignmentSequence, .parcelCount, .parcelBarcode, .parcelWeight, .parcelVolume,
            .parcelContents:
            .consignment
        case .parcelNumber: .parcel
        case .lineNumber, .lineQuantity: .line
        }
    }

    enum Scope {
        case document, tail, consignment, parcel, line
    }
}

/// What the parcels of a consignment are made of: the order's own figures, else the flow's default parcel.
struct ParcelSource: BitwiseCopyable, Sendable {
    /// Grams of the whole consignment when the order states them, else 0.
    var totalWeight = 0
    /// Grams of one parcel by the flow's default, 0 when there is none.
    var defaultWeight = 0
    /// Cubic millimetres of one parcel, 0 when unknown.
    var volume = 0
    var key = Value.none
    var contents = Value.none

    /// Fills the registers for parcel `number`, or for the whole consignment when it is 0.
    func fill(
        _ number: Int, of count: Int, _ used: UInt32, _ registers: UnsafeMutablePointer<Value>, _ batch: inout Batch
    ) {
        func set(_ register: Register, _ value: Value) { registers[Int(register.rawValue)] = value }
        func uses(_ register: Register) -> Bool { used & register.bit != 0 }
        if uses(.parcelNumber) { set(.parcelNumber, number == 0 ? .none : decimal(number, &batch)) }
        if uses(.parcelCount) { set(.parcelCount, decimal(count, &batch)) }
        if uses(.parcelBarcode) { set(.parcelBarcode, number == 0 || count == 1 ? key : barcode(number, &batch)) }
        if uses(.parcelWeight) {
            let one = totalWeight > 0 ? (totalWeight + count - 1) / count : defaultWeight
            let all = totalWeight > 0 ? totalWeight : defaultWeight * count
            let grams = number == 0 ? all : one
            set(.parcelWeight, grams == 0 ? .none : decimal(grams, &batch))
        }
        if uses(.parcelVolume) { set(.parcelVolume, volume == 0 ? .none : decimal(number == 0 ? volume * count : volume, &batch)) }
        if uses(.parcelContents) { set(.parcelContents, contents) }
    }

    /// Fills the registers for a line.
    func fillLine(
        _ number: Int, _ entry: LineEntry, _ used: UInt32, _ registers: UnsafeMutablePointer<Value>, _ batch: inout Batch
    ) {
        if used & Register.lineNumber.bit != 0 { registers[Int(Register.lineNumber.rawValue)] = decimal(number, &batch) }
        if used & Register.lineQuantity.bit != 0 { registers[Int(Register.lineQuantity.rawValue)] = decimal(Int(entry.quantity), &batch) }
    }

    /// The key with the parcel's number: `KEY-01`.
    private func barcode(_ number: Int, _ batch: inout Batch) -> Value {
        batch.reserveArena(Int(key.count) + 32)
        let start = batch.arenaEnd
        copyLoose(batch.base + Int(key.offset), to: batch.base + start, Int(key.count))
        let target = (batch.base + start + Int(key.count)).assumingMemoryBound(to: UInt8.self)
        target[0] = 0x2D
        var length = 1
        if number < 10 {
            target[1] = 0x30
            length = 2
        }
        length += writeDecimal(number, to: target + length)
        batch.arenaEnd = start + Int(key.count) + length
        return Value(offset: UInt32(start), count: key.count + UInt32(length), column: key.column, row: key.row)
    }
}

/// A whole number from 0 on as text in the arena.
func decimal(_ number: Int, _ batch: inout Batch) -> Value {
    batch.reserveArena(32)
    let start = batch.arenaEnd
    let length = writeDecimal(number, to: (batch.base + start).assumingMemoryBound(to: UInt8.self))
    batch.arenaEnd = start + length
    return Value(offset: UInt32(start), count: UInt32(length))
}

/// `bytes` in the arena.
func stored(_ bytes: [UInt8], _ batch: inout Batch) -> Value {
    batch.reserveArena(bytes.count + 16)
    let start = batch.arenaEnd
    bytes.withUnsafeBytes { source in
        if let first = source.baseAddress { (batch.base + start).copyMemory(from: first, byteCount: source.count) }
    }
    batch.arenaEnd = start + bytes.count
    return Value(offset: UInt32(start), count: UInt32(bytes.count))
}
