@_spi(HotPath) import GatewayCore

extension Pipeline {
    /// Whether the last record of the file is in the batch that was read last.
    package var isAtEnd: Bool { reader.isAtEnd }

    /// Whether the rows of one order stand apart in the file. Reads it to its end; the pipeline is used up.
    ///
    /// A filter of fixed size holds the orders that were closed; `candidates` of a first look are held exactly in a second.
    /// - Parameter candidates: nil for the first look.
    /// - Returns: digests of orders that may stand apart; of a second look those that do.
    package func reopened(among candidates: Set<UInt64>? = nil) throws(Finding) -> Set<UInt64> {
        var filter = candidates == nil ? OrderFilter() : nil
        var closed: Set<UInt64> = []
        var found: Set<UInt64> = []
        var last: UInt64?
        var batch = makeBatch()
        while try reader.fill(&batch) {
            for record in 0..<batch.recordCount where batch.flags[record] & Batch.blankRecord == 0 {
                if keylessRowsFollow, keyColumns.allSatisfy({ batch.field(record, $0).count == 0 }) { continue }
                let order = digest(of: record, in: batch)
                guard order != last else { continue }
                last = order
                if let candidates {
                    if candidates.contains(order), !closed.insert(order).inserted { found.insert(order) }
                } else if filter?.insert(order) == false {
                    found.insert(order)
                }
            }
            batch.usedRecords = batch.recordCount
            reader.keep(batch)
        }
        return found
    }

    private func digest(of record: Int, in batch: borrowing Batch) -> UInt64 {
        var all: UInt64 = 0
        for column in keyColumns {
            let cell = batch.field(record, column)
            var bytes = UnsafeRawBufferPointer(start: batch.base + cell.offset, count: cell.count)
            // Quoted or not, it is the same order; a quote inside only makes two look alike in the first look.
            if bytes.count >= 2, bytes.first == UInt8(ascii: "\""), bytes.last == UInt8(ascii: "\"") {
                bytes = UnsafeRawBufferPointer(rebasing: bytes.dropFirst().dropLast())
            }
            all = all &* 31 &+ DigestKey.sample.digest(bytes)
        }
        return all
    }
}

/// A Bloom filter of 4 MiB: one million orders give about 160 false alarms, which a second look clears.
private struct OrderFilter {
    private var bits = [UInt64](repeating: 0, count: 1 << 19)

    /// False when the digest was perhaps there before.
    mutating func insert(_ digest: UInt64) -> Bool {
        var isNew = false
        let step = digest >> 32 | 1
        for turn in 0..<4 {
            let bit = Int(truncatingIfNeeded: (digest &+ UInt64(turn) &* step) & (1 << 25 - 1))
            if bits[bit >> 6] & 1 << UInt64(bit & 63) == 0 {
                bits[bit >> 6] |= 1 << UInt64(bit & 63)
                isNew = true
            }
        }
        return isNew
    }
}
