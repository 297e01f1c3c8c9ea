import GatewayCore

/// Lines as they stand in an order's row: 12 bytes each, key (8) and quantity (4), little-endian.
enum LineBytes {
    static let stride = 12

    /// Appends a line to `bytes`.
    static func append(_ key: UInt64, _ quantity: UInt32, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: key.littleEndian) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: quantity.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Quantity by key; lines of the same key add up.
    static func quantities(_ bytes: [UInt8]) -> [UInt64: UInt32] {
        var out: [UInt64: UInt32] = [:]
        bytes.withUnsafeBytes { raw in
            for at in Swift.stride(from: 0, through: raw.count - stride, by: stride) {
                let key = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: at, as: UInt64.self))
                let quantity = UInt32(
                    littleEndian: raw.loadUnaligned(fromByteOffset: at + 8, as: UInt32.self))
                let (sum, over) = out[key, default: 0].addingReportingOverflow(quantity)
                out[key] = over ? .max : sum
            }
        }
        return out
    }
}

/// An order's lines beside what left of it before.
struct LineBalance {
    /// What goes out of each line now.
    var open: [UInt32] = []
    /// The open quantities as ``LineBytes``.
    var openBytes: [UInt8] = []
    /// Every line that left is still named: proof that lines are told apart as they were then.
    var namesAllThatLeft: Bool
    var hasOpen: Bool { !openBytes.isEmpty }

    init(_ lines: Slice<UnsafeBufferPointer<LedgerLine>>, left: [UInt8]) {
        var remaining = LineBytes.quantities(left)
        let keys = Set(lines.lazy.map(\.key))
        namesAllThatLeft = remaining.keys.allSatisfy(keys.contains)
        open.reserveCapacity(lines.count)
        for line in lines {
            let before = min(remaining[line.key, default: 0], line.quantity)
            if before > 0 { remaining[line.key, default: 0] -= before }
            open.append(line.quantity - before)
            if line.quantity > before {
                LineBytes.append(line.key, line.quantity - before, to: &openBytes)
            }
        }
    }
}
