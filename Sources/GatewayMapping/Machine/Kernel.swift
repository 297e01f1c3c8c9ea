@_spi(HotPath) import GatewayCore

/// What a mapping function does with a value: bytes in, a part of them or new bytes out.
///
/// Runs for one value that is not empty (unless its step takes empty ones). Never allocates.
typealias Kernel = @Sendable (inout KernelContext) -> Void

/// How many bytes a kernel may write at most: `perByte` for each byte of its value and side value, and `fixed`.
struct Room: BitwiseCopyable, Sendable {
    var perByte = 1
    var fixed = 64
}

/// A kernel with its room. A struct of its own: closures in tuples, optionals and arrays would be called through thunks.
struct KernelSlot: Sendable {
    let run: Kernel
    let room: Room
}

/// The value that a kernel works on, and room for new bytes.
struct KernelContext {
    let base: UnsafeMutableRawPointer
    /// First free byte of the arena.
    var arenaEnd: Int
    /// The value, and in the end the result; keeps the place of its source.
    var value: Value
    /// Value of a second source, such as the currency of an amount.
    let side: Value
    var refusal: Refusal = .none

    var count: Int { Int(value.count) }
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + Int(value.offset), count: Int(value.count)) }
    var sideBytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: base + Int(side.offset), count: Int(side.count)) }

    /// The result is a part of the value.
    mutating func keep(from start: Int, count: Int) {
        value.offset += UInt32(start)
        value.count = UInt32(count)
    }

    /// The result is absent.
    mutating func drop() { value.count = 0 }

    /// The value cannot be used.
    mutating func refuse(_ refusal: Refusal) { self.refusal = refusal }

    /// The result is what `body` writes; it gives the number of bytes, at most what the step's ``Room`` says.
    @inline(__always) mutating func write(_ body: (UnsafeMutablePointer<UInt8>) -> Int) {
        let start = arenaEnd
        let written = body((base + start).assumingMemoryBound(to: UInt8.self))
        arenaEnd = start + written
        value.offset = UInt32(start)
        value.count = UInt32(written)
    }

    /// The result is `bytes`.
    mutating func set(_ bytes: some Collection<UInt8>) {
        write { out in
            var n = 0
            for byte in bytes {
                out[n] = byte
                n += 1
            }
            return n
        }
    }
}

/// Why a value was refused; the step's note has the words.
enum Refusal: UInt8, BitwiseCopyable, Sendable, CaseIterable {
    case none
    case missing, number, whole, decimals, mass, money, currency, country, phone, phoneCountry, date, table, characters, boolean, damaged
    /// Not refused: the value was damaged, and the result is the only repair.
    case repaired
    /// The result is what is proposed instead, perhaps nothing.
    case place
    case postcode, barcode
    case carrierMissing, long, type, allowed, carrierCharacters, control, rule, keyLong, keyMissing, parcels

    var code: FindingCode {
        switch self {
        case .none, .missing: .mappingValueMissing
        case .number: .mappingNumberUnreadable
        case .whole: .mappingNumberNotWhole
        case .decimals: .mappingDecimalsLost
        case .mass: .mappingMassUnreadable
        case .money: .mappingMoneyUnreadable
        case .currency: .mappingCurrencyUnknown
        case .country: .mappingCountryUnknown
        case .phone: .mappingPhoneUnreadable
        case .phoneCountry: .mappingPhoneCountry
        case .date: .mappingDateUnreadable
        case .table: .mappingTableValue
        case .characters: .mappingCharactersUnknown
        case .boolean: .mappingBooleanUnreadable
        case .damaged: .mappingSpreadsheetDamage
        case .repaired: .mappingValueRepaired
        case .place: .mappingPlaceUnknown
        case .postcode: .mappingPostcodeUnreadable
        case .barcode: .mappingBarcodeUnreadable
        case .carrierMissing: .carrierValueMissing
        case .long: .carrierValueLong
        case .type: .carrierValueType
        case .allowed: .carrierValueAllowed
        case .carrierCharacters: .carrierCharacters
        case .control: .carrierControlCharacter
        case .rule: .carrierRule
        case .keyLong: .carrierKeyLong
        case .keyMissing: .carrierKeyMissing
        case .parcels: .carrierParcels
        }
    }
}
